package io.tally.webhook;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes progress in transactions that belong to the group: one who has lost its partitions without having noticed cannot overwrite
 * what their new owner knows (KIP-447). Any failure spends it. For one thread.
 */
final class ProgressWriter implements AutoCloseable {
    /** What a crash leaves open holds up the next one to read the progress for so long. */
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private static final int MAX_BLOCK_MS = 8_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final WebhookSettings settings;

    /** @throws KafkaException if the brokers do not answer or refuse */
    ProgressWriter(WebhookSettings settings) {
        this.settings = settings;
        Map<String, Object> config = new HashMap<>(settings.kafka());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            close();
            throw e;
        }
    }

    /**
     * Writes all of it or nothing.
     *
     * @param offsets how far the output was taken up, for those who watch the group
     * @throws KafkaException if it was not written, or nobody knows
     */
    void write(
            List<PendingWrites.Write> writes,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        for (PendingWrites.Write write : writes) {
            String topic = switch (write.target()) {
                case PROGRESS -> settings.topics().progress();
                case DEAD -> settings.topics().dead();
            };
            // The commit throws what a send has met.
            var unused = producer.send(
                    new ProducerRecord<>(topic, write.partition(), write.key().toBytes(), write.value()));
        }
        // Before the group is asked: what is still on its way then could come behind what the next owner has written.
        producer.flush();
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    /** Leaves an open transaction to its time-out: it may have been committed. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
