package io.tally.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.audit.History;
import io.tally.audit.Result.Outcome;
import io.tally.faults.Attempt.Meaning;
import io.tally.gateway.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Holds what clients were told against what the log says in the end. The model must have read all of the log, and the log's
 * outcomes must have been found to be the model's.
 */
public final class HistoryCheck {
    private record Key(String user, UUID uid) {
        static Key of(Write write) {
            return new Key(write.user(), write.uid());
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final History model;
    private final List<String> violations = new ArrayList<>();

    private HistoryCheck(History model) {
        this.model = model;
    }

    /** The promises that were broken, one line each. */
    public static List<String> violations(List<Attempt> history, History model) {
        HistoryCheck check = new HistoryCheck(model);
        history.forEach(check::checkAnswer);
        Map<Key, List<Attempt>> byUid =
                history.stream().collect(Collectors.groupingBy(attempt -> Key.of(attempt.write())));
        byUid.forEach(check::checkUid);
        check.checkNothingInvented(byUid);
        history.stream()
                .collect(Collectors.groupingBy(attempt -> attempt.write().user()))
                .values()
                .forEach(check::checkOrder);
        return check.violations;
    }

    private void checkAnswer(Attempt attempt) {
        Write write = attempt.write();
        Outcome outcome = model.outcome(write.user(), write.uid());
        switch (attempt.meaning()) {
            case DECIDED -> {
                if (outcome == null) {
                    violations.add("told an outcome that the log does not have: " + attempt);
                } else {
                    checkOutcome(attempt, outcome);
                }
            }
            case PENDING -> {
                if (outcome == null) {
                    violations.add("acknowledged and never decided: " + attempt);
                }
            }
            case CONFLICTING -> {
                if (outcome == null || write.isSameAs(outcome.request())) {
                    violations.add("told a conflict that the log does not have: " + attempt);
                }
            }
            case FORBIDDEN -> violations.add("answered what it may not: " + attempt);
            case UNWRITTEN, UNKNOWN -> {}
        }
    }

    private void checkOutcome(Attempt attempt, Outcome outcome) {
        JsonNode expected = JSON.valueToTree(outcome.fields());
        HttpAnswer answer = attempt.answer();
        // Through text, since the kinds of whole numbers differ.
        if (!HttpAnswer.json(expected.toString()).equals(answer.outcome())) {
            violations.add("told another outcome than the log's " + expected + ": " + attempt);
        }
        if (!attempt.write().isSameAs(outcome.request()) || outcome.accepted() != (answer.status() == 200)) {
            violations.add("told the outcome of something else: " + attempt);
        }
        Position position = answer.position() == null ? null : Position.parse(answer.position());
        io.tally.audit.Position source = outcome.source();
        if (position == null
                || position.partition() != source.partition()
                || position.offset() < source.offset()
                || !answer.replayed() && position.offset() != source.offset()) {
            violations.add("not the position of the outcome: " + position + " for " + attempt);
        }
    }

    private void checkUid(Key key, List<Attempt> attempts) {
        long decidedFirst = attempts.stream()
                .filter(attempt -> attempt.meaning() == Meaning.DECIDED
                        && !attempt.answer().replayed())
                .count();
        if (decidedFirst > 1) {
            violations.add("told to be the first " + decidedFirst + " times: " + attempts);
        }
        Outcome outcome = model.outcome(key.user(), key.uid());
        if (outcome != null && attempts.stream().noneMatch(attempt -> mayHaveCaused(attempt, outcome))) {
            violations.add("told that nothing was written, but the log has " + outcome.fields() + ": " + attempts);
        }
    }

    private static boolean mayHaveCaused(Attempt attempt, Outcome outcome) {
        return attempt.write().isSameAs(outcome.request())
                && switch (attempt.meaning()) {
                    case DECIDED, PENDING, UNKNOWN -> true;
                    case UNWRITTEN, CONFLICTING, FORBIDDEN -> false;
                };
    }

    private void checkNothingInvented(Map<Key, List<Attempt>> byUid) {
        byUid.keySet().stream()
                .map(Key::user)
                .distinct()
                .forEach(user -> model.statement(user, "USD").stream()
                        .filter(outcome -> !byUid.containsKey(
                                new Key(user, outcome.request().uid())))
                        .forEach(outcome -> violations.add("nobody sent " + outcome.fields())));
    }

    /** A write that was sent after another one's answer is decided after it. */
    private void checkOrder(List<Attempt> ofUser) {
        List<Attempt> decided = ofUser.stream()
                .filter(attempt -> attempt.meaning() == Meaning.DECIDED)
                .sorted(Comparator.comparingLong(Attempt::sentAt))
                .toList();
        PriorityQueue<Attempt> answered = new PriorityQueue<>(Comparator.comparingLong(Attempt::answeredAt));
        long reached = 0;
        for (Attempt attempt : decided) {
            while (!answered.isEmpty() && answered.peek().answeredAt() < attempt.sentAt()) {
                reached = Math.max(reached, answered.remove().sequence());
            }
            if (!attempt.answer().replayed() && attempt.sequence() <= reached) {
                violations.add(
                        "decided before sequence " + reached + ", which was told before it was sent: " + attempt);
            }
            answered.add(attempt);
        }
    }

    /** The writes of which it is not known whether they are in the log, each once. */
    public static List<Write> unresolved(List<Attempt> history) {
        return history.stream().collect(Collectors.groupingBy(attempt -> Key.of(attempt.write()))).values().stream()
                .filter(attempts -> attempts.stream().noneMatch(HistoryCheck::isFinal))
                .flatMap(attempts -> attempts.stream()
                        .filter(attempt -> attempt.meaning() == Meaning.UNKNOWN)
                        .map(Attempt::write)
                        .limit(1))
                .toList();
    }

    private static boolean isFinal(Attempt attempt) {
        return attempt.meaning() == Meaning.DECIDED || attempt.meaning() == Meaning.CONFLICTING;
    }
}
