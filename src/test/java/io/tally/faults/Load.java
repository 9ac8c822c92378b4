package io.tally.faults;

import io.tally.proof.CommandGenerator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends a number of generated records at a steady rate from a thread of its own, through whatever happens to the broker. */
public final class Load implements AutoCloseable {
    private final Thread thread;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private volatile boolean finishing;

    private Load(String bootstrapServers, CommandGenerator commands, int count, int perSecond) {
        thread = new Thread(() -> run(bootstrapServers, commands, count, perSecond), "load");
        thread.setDaemon(true);
    }

    public static Load start(String bootstrapServers, CommandGenerator commands, int count, int perSecond) {
        Load load = new Load(bootstrapServers, commands, count, perSecond);
        load.thread.start();
        return load;
    }

    /** Sends until {@link #finish}. */
    public static Load startEndless(String bootstrapServers, CommandGenerator commands, int perSecond) {
        return start(bootstrapServers, commands, Integer.MAX_VALUE, perSecond);
    }

    private void run(String bootstrapServers, CommandGenerator commands, int count, int perSecond) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            long start = System.nanoTime();
            for (int sent = 0; sent < count && !finishing; sent++) {
                long due = start + sent * 1_000_000_000L / perSecond;
                long early = due - System.nanoTime();
                if (early > 1_000_000) {
                    LockSupport.parkNanos(early);
                }
                producer.send(commands.next(), (metadata, e) -> {
                    if (e == null) {
                        acknowledged.incrementAndGet();
                    } else {
                        failure.compareAndSet(null, e);
                    }
                });
            }
            producer.flush();
        }
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    /** Sends no more, and waits until what was sent is acknowledged. */
    public void finish() throws InterruptedException {
        finishing = true;
        await();
    }

    /** Waits until everything is sent and acknowledged. */
    void await() throws InterruptedException {
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError("Expected every record to be acknowledged", failure.get());
        }
    }

    @Override
    public void close() {
        finishing = true;
    }
}
