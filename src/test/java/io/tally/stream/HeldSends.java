package io.tally.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Stops a stream thread in the middle of a transaction: at the outcome of a user whose name says so. Kafka makes the
 * interceptor itself, so what it waits for is found by the user's name.
 */
public final class HeldSends implements ProducerInterceptor<byte[], byte[]> {
    /** How the user's name begins. */
    static final String MARK = "held-";

    private record Hold(CountDownLatch reached, CountDownLatch released) {}

    private static final Map<String, Hold> HOLDS = new ConcurrentHashMap<>();

    /** The settings that bring it into a ledger's producers, and keep what is before the held send in its transaction. */
    static Map<String, String> settings() {
        // By its own clock Kafka Streams would commit once a second, perhaps just before that send.
        return Map.of("producer.interceptor.classes", HeldSends.class.getName(), "commit.interval.ms", "50000");
    }

    /** Waits until the outcome of the user is about to be sent. */
    static void awaitReached(String user) throws InterruptedException {
        hold(user).reached().await();
    }

    static void release(String user) {
        hold(user).released().countDown();
    }

    private static Hold hold(String user) {
        return HOLDS.computeIfAbsent(user, ignored -> new Hold(new CountDownLatch(1), new CountDownLatch(1)));
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> sent) {
        String user = DriverLedger.text(sent.key());
        if (user.startsWith(MARK) && sent.topic().endsWith("transactions-out")) {
            Hold hold = hold(user);
            hold.reached().countDown();
            try {
                hold.released().await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return sent;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
        // Only sends are of interest.
    }

    @Override
    public void close() {
        // Holds outlive a producer.
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // The user's name says it all.
    }
}
