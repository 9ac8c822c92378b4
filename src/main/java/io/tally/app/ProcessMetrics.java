package io.tally.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.stream.LedgerStreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Shows how the process is: the Java machine, the disk of its state, Kafka Streams and its clients. */
final class ProcessMetrics implements AutoCloseable {
    /** Kafka Streams' metrics come and go with its threads and tasks. */
    private static final Duration REFRESH = Duration.ofSeconds(15);

    /** Kafka Streams counts what is acknowledged, of which it is told for the journal only (ADR 32): these would stay at 0. */
    private static final Set<String> UNCOUNTED =
            Set.of("kafka.stream.topic.records.produced.total", "kafka.stream.topic.bytes.produced.total");

    private final List<Runnable> open = new ArrayList<>();

    private ProcessMetrics() {}

    /** A new registry, which takes all but what nobody counts. */
    static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(MeterFilter.deny(id -> UNCOUNTED.contains(id.getName())));
        return registry;
    }

    /**
     * Registers all.
     *
     * @param state where the stores are
     */
    static ProcessMetrics register(LedgerStreams ledger, Path state, MeterRegistry registry) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new DiskSpaceMetrics(state.toFile()).bindTo(registry);
        ProcessMetrics metrics = new ProcessMetrics();
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        metrics.open.add(collections::close);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tally-kafka-metrics");
            thread.setDaemon(true);
            return thread;
        });
        ledger.measure(streams -> {
            KafkaStreamsMetrics kafka = new KafkaStreamsMetrics(streams, Tags.empty(), scheduler, REFRESH);
            kafka.bindTo(registry);
            metrics.open.add(kafka::close);
        });
        metrics.open.add(scheduler::shutdownNow);
        return metrics;
    }

    /** Stops to look; what was seen of Kafka Streams and its clients is taken away. */
    @Override
    public void close() {
        open.forEach(Runnable::run);
    }
}
