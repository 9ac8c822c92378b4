package io.tally.app.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final Answer ACCEPTED = new Answer.Accepted("{}");
    private static final Answer CONFLICT = new Answer.DeadLetter("uid_conflict", "amount");

    private final Map<Long, Answer> answers = new LinkedHashMap<>();
    private final InFlight inFlight = new InFlight((command, answer) -> answers.put(command.line(), answer));

    @Test
    void shouldAnswerTheRecordThatTheOutcomeNames() {
        // Given
        sent(1, "uid", 0, 10);
        sent(2, "uid", 0, 11);

        // When
        inFlight.outcome("ada", "uid", 0, 10, ACCEPTED);

        // Then
        assertThat(answers).isEqualTo(Map.of(1L, ACCEPTED));
        assertThat(inFlight.size()).isEqualTo(1);
    }

    @Test
    void shouldGiveARepeatTheOutcomeThatWasSeenMeanwhile() {
        // Given
        sent(2, "uid", 0, 11);
        inFlight.outcome("ada", "uid", 0, 10, ACCEPTED);

        // When
        inFlight.passed(0, 12);

        // Then
        assertThat(answers).isEqualTo(Map.of(2L, ACCEPTED));
    }

    @Test
    void shouldNotTakeAnotherRecordsOutcomeForAConflict() {
        // Given
        sent(2, "uid", 0, 11);
        inFlight.outcome("ada", "uid", 0, 10, ACCEPTED);

        // When
        inFlight.deadLetter(0, 11, CONFLICT);

        // Then
        assertThat(answers).isEqualTo(Map.of(2L, CONFLICT));
    }

    @Test
    void shouldCallSilenceARepeatOnlyBeforeTheCommittedOffset() {
        // Given
        sent(1, "one", 0, 10);
        sent(2, "two", 0, 11);
        sent(3, "three", 1, 5);
        inFlight.add(pending(4, "not acknowledged"));

        // When
        inFlight.passed(0, 11);

        // Then
        assertThat(answers).isEqualTo(Map.of(1L, new Answer.Repeated()));
        assertThat(inFlight.size()).isEqualTo(3);
    }

    @Test
    void shouldIgnoreWhatIsOfOthers() {
        // Given
        sent(1, "uid", 0, 10);

        // When
        inFlight.outcome("grace", "uid", 0, 9, ACCEPTED);
        inFlight.outcome("ada", "other", 0, 8, ACCEPTED);
        inFlight.deadLetter(1, 10, CONFLICT);

        // Then
        assertThat(answers).isEmpty();
    }

    @Test
    void shouldGiveUpInTheOrderOfSending() {
        // Given
        acknowledged(new Pending(command(1, "one"), 100), 10);
        acknowledged(new Pending(command(2, "two"), 200), 11);

        // When
        inFlight.expire(100);

        // Then
        assertThat(answers).isEqualTo(Map.of(1L, new Answer.Unanswered()));
        assertThat(inFlight.size()).isEqualTo(1);
    }

    /** It would be said of it that it will be decided. */
    @Test
    void shouldNotGiveUpWhatKafkaHasNotTaken() {
        // Given
        Pending pending = new Pending(command(1, "one"), 100);
        inFlight.add(pending);
        inFlight.expire(300);
        assertThat(answers).isEmpty();

        // When
        inFlight.acknowledged(pending, 0, 10);
        inFlight.expire(300);

        // Then
        assertThat(answers).isEqualTo(Map.of(1L, new Answer.Unanswered()));
    }

    @Test
    void shouldForgetWhatWasAnswered() {
        // Given
        sent(1, "uid", 0, 10);
        inFlight.outcome("ada", "uid", 0, 10, ACCEPTED);

        // When
        inFlight.deadLetter(0, 10, CONFLICT);
        inFlight.passed(0, 99);

        // Then
        assertThat(answers).isEqualTo(Map.of(1L, ACCEPTED));
        assertThat(inFlight.allAcknowledged()).isTrue();
    }

    private void sent(long line, String uid, int partition, long offset) {
        Pending pending = pending(line, uid);
        inFlight.add(pending);
        inFlight.acknowledged(pending, partition, offset);
    }

    private void acknowledged(Pending pending, long offset) {
        inFlight.add(pending);
        inFlight.acknowledged(pending, 0, offset);
    }

    private static Pending pending(long line, String uid) {
        return new Pending(command(line, uid), Long.MAX_VALUE);
    }

    private static OutgoingCommand command(long line, String uid) {
        return new OutgoingCommand(line, "ada", uid, new byte[0]);
    }
}
