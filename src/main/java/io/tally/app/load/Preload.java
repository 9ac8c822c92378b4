package io.tally.app.load;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Lays commands ready in a topic, where nobody sees them before all are there. They are written in one transaction, and what is
 * measured reads committed records only; so it can run and be warm meanwhile, and gets everything at once. Confined to one
 * thread.
 */
public final class Preload implements AutoCloseable {
    /** As long as Kafka's brokers allow by default. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final String topic;
    private final Workload workload;
    private final KafkaProducer<byte[], byte[]> producer;
    private boolean open;

    /**
     * Connects.
     *
     * @param bootstrapServers brokers to ask first
     * @param topic whose partitions are chosen by Kafka's own partitioner
     */
    public Preload(String bootstrapServers, String topic, Workload workload) {
        this.topic = topic;
        this.workload = workload;
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "preload-" + UUID.randomUUID());
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Math.toIntExact(LONGEST.toMillis()));
        // Speed only; the records are the same. Batches of some 16 KiB are what a busy client writes.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 16 << 10);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** Writes the commands from one number on up to another, which is not written. */
    public void write(long from, long to) {
        if (!open) {
            producer.beginTransaction();
            open = true;
        }
        for (long command = from; command < to; command++) {
            // A send that fails makes the commit fail.
            var unused = producer.send(new ProducerRecord<>(topic, workload.key(command), workload.json(command)));
        }
        producer.flush();
    }

    /** Lets them be seen, all at once. */
    public void release() {
        producer.commitTransaction();
        open = false;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
