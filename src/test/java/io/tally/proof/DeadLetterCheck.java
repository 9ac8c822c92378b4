package io.tally.proof;

import io.tally.proof.AuditReport.Kind;
import io.tally.proof.Result.DeadLetter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the dead letters, by the position of the client's record that they name. A position is expected more than once
 * only when a client forges the hop header.
 */
final class DeadLetterCheck {
    private record Expected(DeadLetter letter, InputRecord input) {}

    private final Findings findings;
    private final Map<Position, Deque<Expected>> expectedByOrigin = new HashMap<>();
    private final Set<Position> met = new HashSet<>();
    private final Set<Position> tolerated = new HashSet<>();

    DeadLetterCheck(Findings findings) {
        this.findings = findings;
    }

    void expect(DeadLetter letter, InputRecord input) {
        expectedByOrigin
                .computeIfAbsent(letter.origin(), at -> new ArrayDeque<>())
                .add(new Expected(letter, input));
    }

    /** An input that may have been read after the cut was taken can have a dead letter or none. */
    void tolerate(Position origin) {
        tolerated.add(origin);
    }

    void check(OutputRecord record) {
        Position origin = origin(record);
        Deque<Expected> expected = origin == null ? null : expectedByOrigin.get(origin);
        if (expected != null && !expected.isEmpty()) {
            met.add(origin);
            checkContent(expected.remove(), record);
        } else if (met.contains(origin) && !tolerated.contains(origin)) {
            findings.violated(Kind.DOUBLED_DEAD_LETTER, record::toString);
        } else if (tolerated.contains(origin)) {
            findings.count("dead letters beyond the cut");
        } else {
            findings.violated(Kind.UNEXPECTED_DEAD_LETTER, record::toString);
        }
    }

    void finish() {
        for (Deque<Expected> queue : expectedByOrigin.values()) {
            for (Expected expected : queue) {
                findings.violated(
                        Kind.MISSING_DEAD_LETTER, () -> expected.letter.code() + " of input " + expected.input);
            }
        }
    }

    private void checkContent(Expected expected, OutputRecord record) {
        String code = record.headers().get("tally.error.code");
        String detail = record.headers().get("tally.error.detail");
        String field = expected.letter.field();
        if (!sameCode(expected.letter, code)) {
            findings.violated(
                    Kind.DEAD_LETTER_CONTENT, () -> "expected code " + expected.letter.code() + " in " + record);
        } else if (detail == null || field != null && !detail.contains(field)) {
            findings.violated(
                    Kind.DEAD_LETTER_CONTENT,
                    () -> "expected a detail" + (field == null ? "" : " that names " + field) + " in " + record);
        }
        boolean cutShort = record.headers().containsKey("tally.truncated");
        if (!sameBytes(expected.input.key(), record.key(), cutShort)
                || !sameBytes(expected.input.value(), record.value(), cutShort)) {
            findings.violated(Kind.DEAD_LETTER_CONTENT, () -> "expected " + expected.input + " in " + record);
        }
    }

    /** Where the contract leaves room, any code serves that says that the record could not be read. */
    private static boolean sameCode(DeadLetter letter, @Nullable String code) {
        return letter.certain() || code == null ? letter.code().equals(code) : !code.equals("uid_conflict");
    }

    private static boolean sameBytes(byte @Nullable [] input, byte @Nullable [] written, boolean cutShort) {
        return cutShort && input != null && written != null && written.length < input.length
                ? Arrays.equals(Arrays.copyOf(input, written.length), written)
                : Arrays.equals(input, written);
    }

    private static @Nullable Position origin(OutputRecord record) {
        try {
            return new Position(
                    Integer.parseInt(record.headers().get("__streams.errors.partition")),
                    Long.parseLong(record.headers().get("__streams.errors.offset")));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
