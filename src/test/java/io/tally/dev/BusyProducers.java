package io.tally.dev;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;

/** Producers that commit one transaction after another, until the broker is gone: at any moment, some are being ended. */
final class BusyProducers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestClients clients;
    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();
    private final ExecutorService threads;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    private BusyProducers(TestClients clients, int count) {
        this.clients = clients;
        this.threads = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            producers.add(clients.producer(id(i), Duration.ofMinutes(1)));
        }
    }

    static BusyProducers start(TestClients clients, int count) {
        BusyProducers busy = new BusyProducers(clients, count);
        for (int i = 0; i < count; i++) {
            int number = i;
            busy.threads.execute(() -> busy.commitUntilClosed(number));
        }
        return busy;
    }

    private static String id(int number) {
        return "busy-" + number;
    }

    private void commitUntilClosed(int number) {
        KafkaProducer<String, String> producer = producers.get(number);
        try {
            producer.initTransactions();
            for (int i = 0; true; i++) {
                String value = number + "-" + i;
                clients.commit(producer, value);
                acknowledged.add(value);
            }
        } catch (KafkaException | IllegalStateException e) {
            // In the end all do: the broker goes, and then they are closed.
            failures.add(e);
        }
    }

    /** What is known to be committed. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    /** Of those that commit no more. */
    Collection<RuntimeException> failures() {
        return failures;
    }

    /** Ends what they left open, as their next life would. */
    void fence() {
        for (int i = 0; i < producers.size(); i++) {
            try (KafkaProducer<String, String> next = clients.producer(id(i), Duration.ofMinutes(1))) {
                next.initTransactions();
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        producers.forEach(producer -> producer.close(Duration.ZERO));
        threads.shutdownNow();
        if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Expected the producers to end within " + PATIENCE.toSeconds() + " s");
        }
    }
}
