package io.tally.app;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tally.ledger.CommandType;
import io.tally.ledger.Rejection;
import io.tally.stream.CommitListener;
import io.tally.stream.LedgerCounters;
import io.tally.stream.LedgerStreams;
import io.tally.wire.DeadLetterCode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** Shows what the ledger counts. All are there from the start, at zero: an increase from nothing would go unseen. */
final class LedgerMetrics {
    /** A commit takes milliseconds; after 30 s the producer gives up. */
    private static final Duration[] COMMIT_BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private LedgerMetrics() {}

    static void register(LedgerStreams ledger, MeterRegistry registry) {
        register(ledger.counters(), registry);
        ledger.onCommit(commits(registry));
        gauge(
                registry,
                ledger,
                "tally.waiting.callers",
                "HTTP callers that wait for a decision",
                running -> running.waiters().count());
        gauge(
                registry,
                ledger,
                "tally.ready",
                "Whether this instance takes requests",
                running -> running.isReady() ? 1 : 0);
        gauge(
                registry,
                ledger,
                "tally.restoring.partitions",
                "Partitions that are being restored",
                LedgerStreams::restoringPartitions);
        gauge(
                registry,
                ledger,
                "tally.restoring.offsets",
                "Journal offsets that are still to be restored",
                LedgerStreams::restoringOffsetsLeft);
        gauge(
                registry,
                ledger,
                "tally.store.partitions",
                "Open stores, standbys among them",
                running -> running.storeFigures().open());
        gauge(
                registry,
                ledger,
                "tally.store.open.entries",
                "Journal entries of open transactions, on the heap",
                running -> running.storeFigures().openEntries());
        gauge(
                registry,
                ledger,
                "tally.store.file.bytes",
                "Size of the stores' files",
                running -> running.storeFigures().fileBytes());
        gauge(
                registry,
                ledger,
                "tally.store.memory.bytes",
                "Memory for blocks and memtables in use",
                running -> running.storeFigures().memoryBytes());
        FunctionCounter.builder(
                        "tally.store.broken",
                        ledger,
                        running -> running.storeFigures().broken())
                .description("Stores whose files were found broken, and that are restored from their journal")
                .register(registry);
    }

    static void register(LedgerCounters counters, MeterRegistry registry) {
        for (CommandType type : CommandType.values()) {
            command(registry, counters, type, "accepted", all -> all.acceptedCount(type));
            command(registry, counters, type, "rejected", all -> all.rejectedCount(type));
            command(registry, counters, type, "repeated", all -> all.repeatedCount(type));
        }
        for (Rejection reason : Rejection.values()) {
            FunctionCounter.builder("tally.rejections", counters, all -> all.rejectedCount(reason))
                    .description("Commands that this instance has rejected, committed or not")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        for (DeadLetterCode code : DeadLetterCode.values()) {
            FunctionCounter.builder("tally.dead.letters", counters, all -> all.deadLetterCount(code))
                    .description("Records that this instance could not decide, committed or not")
                    .tag("code", code.wireName())
                    .register(registry);
        }
        FunctionCounter.builder("tally.rerouted", counters, LedgerCounters::reroutedCount)
                .description("Records that this instance has brought to the right partition, committed or not")
                .register(registry);
    }

    private static void command(
            MeterRegistry registry,
            LedgerCounters counters,
            CommandType type,
            String result,
            ToDoubleFunction<LedgerCounters> count) {
        FunctionCounter.builder("tally.commands", counters, count)
                .description("Commands that this instance has handled, committed or not")
                .tag("type", type.name().toLowerCase(Locale.ROOT))
                .tag("result", result)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            LedgerStreams ledger,
            String name,
            String description,
            ToDoubleFunction<LedgerStreams> value) {
        Gauge.builder(name, ledger, value).description(description).register(registry);
    }

    private static CommitListener commits(MeterRegistry registry) {
        Timer decision = Timer.builder("tally.decision.to.commit")
                .description("From the first record of a transaction to the moment when look-ups see all of it")
                .serviceLevelObjectives(COMMIT_BUCKETS)
                .register(registry);
        Timer commit = Timer.builder("tally.commit")
                .description("The part of that which the commit takes: offsets, end of the transaction, stores")
                .serviceLevelObjectives(COMMIT_BUCKETS)
                .register(registry);
        DistributionSummary records = DistributionSummary.builder("tally.commit.records")
                .description("Input records in a transaction")
                .serviceLevelObjectives(1, 10, 100, 1_000, 10_000)
                .register(registry);
        return (count, ageNanos, commitNanos) -> {
            decision.record(ageNanos, TimeUnit.NANOSECONDS);
            commit.record(commitNanos, TimeUnit.NANOSECONDS);
            records.record(count);
        };
    }
}
