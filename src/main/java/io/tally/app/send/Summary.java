package io.tally.app.send;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How many commands got which answer. Not thread-safe. */
public final class Summary {
    /** So many lines of dead letters are named for each code. */
    private static final int MAX_LINES = 5;

    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> deadLetters = new TreeMap<>();
    private final Map<String, TreeSet<Long>> deadLetterLines = new TreeMap<>();
    private long sent;
    private long accepted;
    private long repeated;
    private long unanswered;

    void countSent() {
        sent++;
    }

    void add(OutgoingCommand command, Answer answer) {
        if (answer instanceof Answer.Accepted) {
            accepted++;
        } else if (answer instanceof Answer.Rejected rejection) {
            rejected.merge(rejection.reason(), 1L, Long::sum);
        } else if (answer instanceof Answer.DeadLetter letter) {
            deadLetters.merge(letter.code(), 1L, Long::sum);
            TreeSet<Long> lines = deadLetterLines.computeIfAbsent(letter.code(), code -> new TreeSet<>());
            lines.add(command.line());
            if (lines.size() > MAX_LINES) {
                lines.pollLast();
            }
        } else if (answer instanceof Answer.Repeated) {
            repeated++;
        } else {
            unanswered++;
        }
    }

    /** Commands that Kafka took. */
    public long sent() {
        return sent;
    }

    public long accepted() {
        return accepted;
    }

    /** Rejected commands by reason, in alphabetical order. */
    public Map<String, Long> rejected() {
        return Collections.unmodifiableMap(rejected);
    }

    /** Dead letters by code, in alphabetical order. */
    public Map<String, Long> deadLetters() {
        return Collections.unmodifiableMap(deadLetters);
    }

    /** The first lines, at most five, whose commands became dead letters, by code. */
    public Map<String, SortedSet<Long>> deadLetterLines() {
        return Collections.unmodifiableMap(deadLetterLines);
    }

    /** Commands whose uid was decided before. */
    public long repeated() {
        return repeated;
    }

    /** Commands without an answer in time. */
    public long unanswered() {
        return unanswered;
    }
}
