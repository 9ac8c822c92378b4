package io.tally.app.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Commands at a rate, whether or not those before were decided. A latency counts from the moment when its command was due, so
 * that a ledger or a broker that stalls is not spared what it held up. Confined to one thread.
 */
public final class OpenLoop implements AutoCloseable {
    private static final long NANOS = 1_000_000_000;
    private static final Duration POLL = Duration.ofMillis(10);
    /** Up to here a producer is taken for one that waits for its outcomes, and above it for one that has much to send. */
    private static final int AT_ONCE = 5_000;
    /** Kafka's default. */
    private static final int KAFKAS_LINGER = 5;

    /**
     * A sender that lets commands gather sleeps for so long at least, in ns, and then sends all that is due: to wake up for
     * each of many thousands a second would take processor time from what is measured. What waited for it counts as late.
     */
    private static final long SHORTEST_SLEEP = 1_000_000;

    /** How long no outcome may come after the last command. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String input;
    private final Workload workload;
    private final int linger;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CommittedRecords outcomes;

    /**
     * What came of a load.
     *
     * @param sent how many commands
     * @param nanos from when a command was due to when a consumer of committed records had its outcome
     * @param seconds from the first command's time to the last outcome
     * @param behind commands without an outcome at the moment when the last one was due
     */
    public record Result(long sent, Histogram nanos, double seconds, long behind) {}

    /** How long a producer with so many commands a second lets them gather before it sends them, in ms. */
    public static int linger(int perSecond) {
        return perSecond <= AT_ONCE ? 0 : KAFKAS_LINGER;
    }

    /**
     * Connects.
     *
     * @param linger how long the producer lets commands gather before it sends them, in ms
     */
    public OpenLoop(String bootstrapServers, String input, String output, Workload workload, int linger) {
        this.linger = linger;
        this.input = input;
        this.workload = workload;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        linger),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.partitionsFor(input);
        this.outcomes = CommittedRecords.atOnce(bootstrapServers, output);
    }

    /** How long the producer lets commands gather, in ms. */
    public int linger() {
        return linger;
    }

    /**
     * Sends for a time and waits for the outcomes.
     *
     * @param first the number of the first command
     */
    public Result run(long first, int perSecond, Duration time) throws InterruptedException {
        outcomes.fromEnd();
        long count = Math.max(1, time.toMillis() * perSecond / 1_000);
        long start = System.nanoTime();
        long end = start + count * NANOS / perSecond;
        Thread sender = new Thread(() -> send(first, count, start, perSecond), "bench-sender");
        sender.setDaemon(true);
        sender.start();
        Histogram nanos = new Histogram(3);
        long behind = -1;
        long last = end;
        while (nanos.getTotalCount() < count && System.nanoTime() - last < PATIENCE.toNanos()) {
            ConsumerRecords<byte[], byte[]> records = outcomes.poll(POLL);
            long now = System.nanoTime();
            if (behind < 0 && now >= end) {
                behind = count - nanos.getTotalCount();
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long command = workload.commandOf(OutcomeText.uidOf(record.value())) - first;
                if (command >= 0 && command < count) {
                    nanos.recordValue(Math.max(0, now - start - command * NANOS / perSecond));
                    last = Math.max(now, end);
                }
            }
        }
        sender.join();
        return new Result(count, nanos, (Math.max(last, end) - start) / 1e9, Math.max(0, behind));
    }

    private void send(long first, long count, long start, int perSecond) {
        long shortest = linger == 0 ? 0 : SHORTEST_SLEEP;
        for (long i = 0; i < count; i++) {
            long due = start + i * NANOS / perSecond;
            byte[] key = workload.key(first + i);
            byte[] json = workload.json(first + i);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(Math.max(wait, shortest));
            }
            // What is not sent has no outcome, and is counted as that.
            var unused = producer.send(new ProducerRecord<>(input, key, json));
        }
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        outcomes.close();
    }
}
