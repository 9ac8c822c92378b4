package io.tally.audit;

import io.tally.audit.Result.DeadLetter;
import io.tally.audit.Result.Outcome;
import io.tally.audit.Result.Rerouted;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts the records that an audit meets. Thread-safe. */
final class AuditCounter {
    private final LongAdder input = new LongAdder();
    private final LongAdder outcomes = new LongAdder();
    private final LongAdder outcomesBeyondCut = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();
    private final LongAdder repeats = new LongAdder();
    private final Map<String, LongAdder> deadLetters = new ConcurrentHashMap<>();
    private final LongAdder deadLettersBeyondCut = new LongAdder();
    private final LongAdder rerouted = new LongAdder();

    /** A record of the input below the cut, and what must become of it. */
    void input(Result result) {
        input.increment();
        if (result instanceof Outcome outcome) {
            String reason = outcome.reason();
            (reason == null ? accepted : of(rejected, reason)).increment();
        } else if (result instanceof DeadLetter letter) {
            of(deadLetters, letter.code()).increment();
        } else if (result instanceof Rerouted) {
            rerouted.increment();
        } else {
            repeats.increment();
        }
    }

    private static LongAdder of(Map<String, LongAdder> counts, String name) {
        return counts.computeIfAbsent(name, ignored -> new LongAdder());
    }

    /** An outcome that was compared. */
    void outcome() {
        outcomes.increment();
    }

    void outcomeBeyondCut() {
        outcomesBeyondCut.increment();
    }

    void deadLetterBeyondCut() {
        deadLettersBeyondCut.increment();
    }

    AuditCounts counts(long users) {
        return new AuditCounts(
                input.sum(),
                outcomes.sum(),
                outcomesBeyondCut.sum(),
                accepted.sum(),
                sums(rejected),
                repeats.sum(),
                sums(deadLetters),
                deadLettersBeyondCut.sum(),
                rerouted.sum(),
                users);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().sum()));
    }
}
