package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.WebhookCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the topic of endpoints, one change after the other over all instances. All write under one transactional id: to
 * begin is to end what others have under way, and to fence them. What is read then, up to the end, holds until the own commit,
 * or that fails. Whether a commit did happen that was not answered is seen in the log: a reader of what is committed passes
 * the record's offset with the record or without it. For one thread.
 */
final class EndpointWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EndpointWriter.class);

    /** Each call to Kafka; several make a change. */
    private static final int TIMEOUT_MS = 3_000;
    /** How long what was left open by an instance that is gone holds up the next, when that does not come by itself. */
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private static final long FIRST_PAUSE_MS = 10;
    private static final int MAX_DOUBLINGS = 5;

    private final EndpointFollower follower;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Admin admin;
    /** Not known to be fenced, and all it has committed was seen; null when another must be made. */
    private @Nullable Producer<byte[], byte[]> producer;

    EndpointWriter(Map<String, String> kafka, EndpointFollower follower, Supplier<Producer<byte[], byte[]>> producers) {
        this.follower = follower;
        this.producers = producers;
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("request.timeout.ms", TIMEOUT_MS);
        config.put("default.api.timeout.ms", TIMEOUT_MS);
        this.admin = Admin.create(config);
    }

    static Producer<byte[], byte[]> producer(Map<String, String> kafka, String transactionalId) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A record that was sent, and what its change comes to if it is committed. */
    private record Sent<T>(UpdateResult<T> answer, CompletableFuture<Boolean> committed) {}

    /**
     * Makes a change. Tries again until the time is over when another instance was quicker or Kafka fails.
     *
     * @param deadline in {@link System#nanoTime()}
     */
    <T> UpdateResult<T> write(EndpointUpdate<T> update, long deadline) throws InterruptedException {
        Sent<T> doubtful = null;
        String failure = "it waited too long";
        for (int attempt = 0; left(deadline) > 0; attempt++) {
            pause(attempt);
            try {
                Producer<byte[], byte[]> fencing = begun();
                Map<String, Endpoint> endpoints = readToEnd(deadline);
                if (doubtful != null && doubtful.committed().get(left(deadline), TimeUnit.NANOSECONDS)) {
                    return doubtful.answer();
                }
                doubtful = null;
                EndpointWrite<T> write = update.on(endpoints);
                if (write.id() == null) {
                    return write.answer();
                }
                Sent<T> sent = send(fencing, record(write.id(), write.endpoint()), write.answer());
                doubtful = sent;
                fencing.commitTransaction();
                awaitSeen(sent, deadline);
                return sent.answer();
            } catch (KafkaException | ExecutionException | TimeoutException e) {
                failure = e.toString();
                log.debug("A change of the endpoints of webhooks did not succeed at once: {}", failure);
                discard();
                if (doubtful != null && doubtful.committed().isCompletedExceptionally()) {
                    break;
                }
            }
        }
        log.warn(
                "A change of the endpoints of webhooks was given up{}: {}",
                doubtful == null ? "" : " and may be written",
                failure);
        return doubtful == null
                ? new UpdateResult.Unavailable<>("Kafka does not take changes of endpoints")
                : new UpdateResult.Unknown<>();
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }

    /** At random, so that instances which fence each other do not go on so for long. */
    private static void pause(int attempt) throws InterruptedException {
        if (attempt > 0) {
            long most = FIRST_PAUSE_MS << Math.min(attempt, MAX_DOUBLINGS);
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(most));
        }
    }

    private Producer<byte[], byte[]> begun() {
        if (producer == null) {
            Producer<byte[], byte[]> made = producers.get();
            producer = made;
            made.initTransactions();
        }
        return producer;
    }

    /** What is committed now. The end is that of the log: what is open or lacks its marker lies behind it. */
    private Map<String, Endpoint> readToEnd(long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        long end = admin.listOffsets(
                        Map.of(follower.partition(), OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(follower.partition())
                .get(left(deadline), TimeUnit.NANOSECONDS)
                .offset();
        CompletableFuture<Map<String, Endpoint>> read = follower.upTo(end);
        try {
            return read.get(left(deadline), TimeUnit.NANOSECONDS);
        } finally {
            read.cancel(false);
        }
    }

    @SuppressWarnings("NullAway") // It does not see the annotation on an array.
    private ProducerRecord<byte[], byte[]> record(String id, @Nullable Endpoint endpoint) {
        return new ProducerRecord<>(
                follower.partition().topic(),
                follower.partition().partition(),
                id.getBytes(StandardCharsets.UTF_8),
                endpoint == null ? null : WebhookCodec.encode(endpoint));
    }

    private <T> Sent<T> send(
            Producer<byte[], byte[]> fencing, ProducerRecord<byte[], byte[]> record, UpdateResult<T> answer)
            throws InterruptedException, ExecutionException {
        fencing.beginTransaction();
        Future<RecordMetadata> sending = fencing.send(record);
        // Not longer than the delivery may take.
        RecordMetadata place = sending.get();
        if (!place.hasOffset()) {
            throw new KafkaException("The record's offset is not known");
        }
        return new Sent<>(answer, follower.watch(place.offset()));
    }

    /**
     * It is committed in any case; who asks here afterwards shall see it. So must the next change: as long as this one is not
     * seen, its marker may be missing, and what is read up to the end may be what held before. A producer that begins waits
     * for the marker; this one is not used again.
     */
    private void awaitSeen(Sent<?> sent, long deadline) throws InterruptedException {
        try {
            boolean committed = sent.committed().get(Math.max(1, left(deadline)), TimeUnit.NANOSECONDS);
            if (!committed) {
                discard();
                throw new IllegalStateException("Expected to read what was committed, but it was not there");
            }
        } catch (ExecutionException | TimeoutException e) {
            log.debug("A change is committed, but not seen here yet", e);
            discard();
        }
    }

    private void discard() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    @Override
    public void close() {
        discard();
        admin.close(Duration.ZERO);
    }
}
