package io.tally.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tally.stream.InputLag;
import io.tally.stream.LedgerStreams;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Shows how far behind this instance is in the partitions that it decides. What is not known is not there, rather than 0: of
 * partitions of others, of those that are being restored, and of all while Kafka does not answer. Thread-safe.
 */
final class InputMetrics implements AutoCloseable {
    /** One request of the brokers each time. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final MeterRegistry registry;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tally-input-metrics");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Integer, PartitionMeters> shown = new HashMap<>();
    private boolean closed;

    private InputMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Begins to look. */
    static InputMetrics register(LedgerStreams ledger, MeterRegistry registry) {
        InputMetrics metrics = new InputMetrics(registry);
        var ignored = metrics.scheduler.scheduleWithFixedDelay(
                () -> metrics.look(ledger), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return metrics;
    }

    private void look(LedgerStreams ledger) {
        try {
            var ignored = ledger.inputLags().whenComplete((lags, failure) -> show(failure == null ? lags : List.of()));
        } catch (RuntimeException e) {
            // One that is thrown would end the looking.
            show(List.of());
        }
    }

    /** Takes note of what is known now; of other partitions nothing is. */
    private synchronized void show(List<InputLag> lags) {
        Map<Integer, InputLag> byPartition =
                closed ? Map.of() : lags.stream().collect(Collectors.toMap(InputLag::partition, lag -> lag));
        List.copyOf(shown.keySet()).stream()
                .filter(partition -> !byPartition.containsKey(partition))
                .forEach(partition -> shown.remove(partition).remove());
        byPartition.forEach((partition, lag) -> {
            PartitionMeters meters = shown.get(partition);
            if (meters == null) {
                shown.put(partition, new PartitionMeters(lag));
            } else {
                meters.lag = lag;
            }
        });
    }

    /** Stops to look, and shows nothing any more. */
    @Override
    public void close() {
        scheduler.shutdownNow();
        synchronized (this) {
            closed = true;
            show(List.of());
        }
    }

    /** Those of one partition. */
    private final class PartitionMeters {
        private final Gauge records;
        private final Gauge standing;
        private volatile InputLag lag;

        PartitionMeters(InputLag lag) {
            this.lag = lag;
            String partition = Integer.toString(lag.partition());
            records = Gauge.builder("tally.input.lag", this, meters -> meters.lag.records())
                    .description("Records of the input that are not decided yet, also those behind an open transaction")
                    .tag("partition", partition)
                    .register(registry);
            standing = Gauge.builder(
                            "tally.input.standing",
                            this,
                            meters -> meters.lag.standing().toMillis() / 1_000.0)
                    .description("For how long there have been such records and none was decided")
                    .baseUnit("seconds")
                    .tag("partition", partition)
                    .register(registry);
        }

        void remove() {
            registry.remove(records);
            registry.remove(standing);
        }
    }
}
