package io.tally.audit;

import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.Result.DeadLetter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Matches dead letters with the input that must have them, by the position of the client's record that they name; each may
 * be read before the other. A position is expected more than once only when a client forges the hop header. Thread-safe.
 */
final class DeadLetterCheck {
    private record Expected(DeadLetter letter, String topic, Position input, Fingerprint content) {}

    private record Written(
            String topic,
            Position at,
            @Nullable String code,
            @Nullable String detail,
            @Nullable String message,
            @Nullable String inputTopic,
            @Nullable String truncated,
            Fingerprint content) {
        @Override
        public String toString() {
            return "code " + code + ", detail '" + detail + "' of " + inputTopic;
        }
    }

    private final Findings findings;
    private final AuditCounter counter;
    private final Set<Integer> partitions;
    private final Map<Position, Deque<Expected>> expected = new HashMap<>();
    private final Map<Position, Deque<Written>> written = new HashMap<>();
    private final PositionTable met = new PositionTable();
    private final PositionTable elsewhere = new PositionTable();
    private final Set<Position> tolerated = new HashSet<>();

    /** @param partitions of the input that are audited; letters of others are passed over */
    DeadLetterCheck(Findings findings, AuditCounter counter, Set<Integer> partitions) {
        this.findings = findings;
        this.counter = counter;
        this.partitions = partitions;
    }

    synchronized void expect(DeadLetter letter, LogRecord input) {
        if (!partitions.contains(letter.origin().partition())) {
            return;
        }
        Fingerprint content =
                Fingerprint.of(input.key(), input.value(), CommandParser.MAX_KEY_BYTES, CommandParser.MAX_VALUE_BYTES);
        Expected one = new Expected(letter, input.topic(), input.position(), content);
        Written letterWritten = take(written, letter.origin());
        if (letterWritten == null) {
            expected.computeIfAbsent(letter.origin(), at -> new ArrayDeque<>()).add(one);
        } else {
            compare(one, letterWritten);
        }
    }

    /** The record of a position is decided in a partition that is not audited: it can have a dead letter or none. */
    synchronized void elsewhere(Position origin) {
        elsewhere.put(origin, origin);
    }

    /** The same of a record that may be decided while the topics are read; until everything is settled. */
    synchronized void tolerate(Position origin) {
        tolerated.add(origin);
    }

    synchronized void written(LogRecord record) {
        Position origin = origin(record);
        if (origin == null) {
            findings.violated(Kind.UNEXPECTED_DEAD_LETTER, record, "headers that name the input record");
            return;
        }
        if (!partitions.contains(origin.partition())) {
            return;
        }
        Written letter = new Written(
                record.topic(),
                record.position(),
                record.header("tally.error.code"),
                record.header("tally.error.detail"),
                record.header("__streams.errors.message"),
                record.header("__streams.errors.topic"),
                record.header("tally.truncated"),
                Fingerprint.of(record.key(), record.value(), Integer.MAX_VALUE, Integer.MAX_VALUE));
        Expected one = take(expected, origin);
        if (one == null) {
            written.computeIfAbsent(origin, at -> new ArrayDeque<>()).add(letter);
        } else {
            compare(one, letter);
        }
    }

    private static <T> @Nullable T take(Map<Position, Deque<T>> queues, Position origin) {
        Deque<T> queue = queues.get(origin);
        T first = queue == null ? null : queue.poll();
        if (queue != null && queue.isEmpty()) {
            queues.remove(origin);
        }
        return first;
    }

    private void compare(Expected one, Written letter) {
        met.put(one.letter.origin(), letter.at);
        String field = one.letter.field();
        String detail = letter.detail == null ? "" : letter.detail;
        String truncated = letter.truncated == null ? "" : letter.truncated;
        if (!isRight(one.letter, letter.code)) {
            differs(letter, "code " + one.letter.code() + " for input " + one.input);
        } else if (!detail.matches("[ -~]{1,200}") || field != null && !detail.contains(field)) {
            differs(letter, "a detail" + (field == null ? "" : " that names " + field));
        } else if (!detail.equals(letter.message) || !one.topic.equals(letter.inputTopic)) {
            differs(letter, "the headers __streams.errors.message and .topic to say the same");
        }
        if (!one.content.isSame(letter.content)) {
            differs(letter, "key and value of input " + one.input);
        } else if (one.content.keyCut() != truncated.contains("key")
                || one.content.valueCut() != truncated.contains("value")) {
            differs(letter, "a header tally.truncated that says what was cut");
        }
    }

    /** Where the contract leaves room, any code serves that says that the record could not be read. */
    private static boolean isRight(DeadLetter letter, @Nullable String code) {
        return letter.certain() || code == null ? letter.code().equals(code) : !code.equals("uid_conflict");
    }

    private void differs(Written letter, String expectation) {
        findings.violated(
                new Finding(Kind.DEAD_LETTER_CONTENT, letter.topic, letter.at, expectation, letter.toString()));
    }

    /** For how many input records there are letters that no input explains yet. */
    synchronized int writtenBacklog() {
        return written.size();
    }

    /** Whether there are letters that no input explains yet. */
    synchronized boolean isUnsettled() {
        return !written.isEmpty();
    }

    /** Everything was read up to the cut: what is expected will not come, and what has come has no input. */
    synchronized void settle(Cut cut) {
        expected.values()
                .forEach(queue -> queue.forEach(one -> findings.violated(new Finding(
                        Kind.MISSING_DEAD_LETTER,
                        one.topic,
                        one.input,
                        "a dead letter, " + one.letter.code(),
                        "none"))));
        expected.clear();
        written.forEach((origin, queue) -> queue.forEach(letter -> {
            if (isOpen(origin, cut)) {
                counter.deadLetterBeyondCut();
            } else {
                Kind kind =
                        met.get(origin) != PositionTable.NONE ? Kind.DOUBLED_DEAD_LETTER : Kind.UNEXPECTED_DEAD_LETTER;
                findings.violated(new Finding(
                        kind, letter.topic, letter.at, "no dead letter more for input " + origin, letter.toString()));
            }
        }));
        written.keySet().removeIf(origin -> !isOpen(origin, cut));
        tolerated.clear();
    }

    private boolean isOpen(Position origin, Cut cut) {
        return elsewhere.get(origin) != PositionTable.NONE
                || tolerated.contains(origin)
                || !cut.covers(origin) && cut.mayCover(origin);
    }

    private static @Nullable Position origin(LogRecord record) {
        String partition = record.header("__streams.errors.partition");
        String offset = record.header("__streams.errors.offset");
        return partition != null && offset != null && partition.matches("[0-9]{1,9}") && offset.matches("[0-9]{1,18}")
                ? new Position(Integer.parseInt(partition), Long.parseLong(offset))
                : null;
    }
}
