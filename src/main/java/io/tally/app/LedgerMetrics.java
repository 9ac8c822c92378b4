package io.tally.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tally.stream.LedgerCounters;
import io.tally.stream.LedgerStreams;
import io.tally.stream.Waiters;
import io.tally.wire.DeadLetterCode;
import java.util.function.ToDoubleFunction;

/** Shows what the ledger counts. All are there from the start, at zero: an increase from nothing would go unseen. */
final class LedgerMetrics {
    private LedgerMetrics() {}

    static void register(LedgerStreams ledger, MeterRegistry registry) {
        register(ledger.counters(), registry);
        Gauge.builder("tally.waiting.callers", ledger.waiters(), Waiters::count)
                .description("HTTP callers that wait for a decision")
                .register(registry);
        Gauge.builder("tally.ready", ledger, running -> running.isReady() ? 1 : 0)
                .description("Whether this instance takes requests")
                .register(registry);
    }

    static void register(LedgerCounters counters, MeterRegistry registry) {
        command(registry, counters, "accepted", LedgerCounters::acceptedCount);
        command(registry, counters, "rejected", LedgerCounters::rejectedCount);
        command(registry, counters, "repeated", LedgerCounters::repeatedCount);
        command(registry, counters, "rerouted", LedgerCounters::reroutedCount);
        for (DeadLetterCode code : DeadLetterCode.values()) {
            FunctionCounter.builder("tally.dead.letters", counters, all -> all.deadLetterCount(code))
                    .description("Records that this instance could not decide, committed or not")
                    .tag("code", code.wireName())
                    .register(registry);
        }
    }

    private static void command(
            MeterRegistry registry, LedgerCounters counters, String result, ToDoubleFunction<LedgerCounters> count) {
        FunctionCounter.builder("tally.commands", counters, count)
                .description("Commands that this instance has handled, committed or not")
                .tag("result", result)
                .register(registry);
    }
}
