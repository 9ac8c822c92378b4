package io.tally.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends synchronous commands to the input. Thread-safe. */
final class CommandSender implements AutoCloseable {
    /** How long the brokers may take to acknowledge. A caller who waits longer has given up. */
    private static final int DELIVERY_TIMEOUT_MS = 10_000;

    private static final int REQUEST_TIMEOUT_MS = 5_000;
    /** A request thread must not hang on a cluster that is gone. */
    private static final long MAX_BLOCK_MS = 1_000;

    private final KafkaProducer<byte[], byte[]> producer;

    CommandSender(Map<String, String> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends a record; the future has its position, or fails when the brokers did not acknowledge it. */
    CompletableFuture<Position> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Position> acknowledged = new CompletableFuture<>();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure != null) {
                    acknowledged.completeExceptionally(failure);
                } else if (metadata.hasOffset()) {
                    acknowledged.complete(new Position(metadata.partition(), metadata.offset()));
                } else {
                    // The broker knew the record from an earlier attempt, and no longer where it is.
                    acknowledged.completeExceptionally(new IllegalStateException("The record's offset is not known"));
                }
            });
        } catch (RuntimeException e) {
            // Whatever it is, the caller must get an answer.
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
