package io.tally.chaos;

import io.tally.faults.Attempt;
import io.tally.faults.HttpAnswer;
import io.tally.faults.Sighting;
import java.io.IOException;
import java.util.List;

/**
 * Answers 500 while an instance has a broken file: documented, and no promise. What came of such a write is not known; a look
 * has seen nothing. At any other time 500 is a violation. Not thread-safe.
 */
final class BrokenStores {
    private static final int BROKEN = 500;

    private final List<Injection> injections;
    private long count;

    BrokenStores(List<Injection> injections) {
        this.injections = injections.stream()
                .filter(injection -> injection.kind().breaksStores())
                .toList();
    }

    List<Attempt> withoutWrites(List<Attempt> history) {
        return history.stream()
                .map(attempt -> isBroken(attempt.answer(), attempt.sentAt(), attempt.answeredAt())
                        ? new Attempt(
                                attempt.write(),
                                attempt.instance(),
                                attempt.sentAt(),
                                attempt.answeredAt(),
                                HttpAnswer.failed(new IOException()))
                        : attempt)
                .toList();
    }

    List<Sighting> withoutReads(List<Sighting> sightings) {
        return sightings.stream()
                .filter(look -> !isBroken(look.answer(), look.sentAt(), look.answeredAt()))
                .toList();
    }

    private boolean isBroken(HttpAnswer answer, long sentAt, long answeredAt) {
        boolean broken = answer.status() == BROKEN
                && injections.stream()
                        .anyMatch(injection -> sentAt < injection.endedAt() && answeredAt > injection.startedAt());
        count += broken ? 1 : 0;
        return broken;
    }

    /** How many answers were left out. */
    long count() {
        return count;
    }
}
