package io.tally.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkloadCheckTest {
    private static final int COMMANDS = 50;
    /** Begins with a withdrawal, so that there is a rejection to judge. */
    private static final Workload WORKLOAD = LongStream.range(0, 1_000)
            .mapToObj(seed -> new Workload(seed, 1, false))
            .filter(workload -> workload.amount(0) < 0)
            .findFirst()
            .orElseThrow();

    private final Model model = new Model(WORKLOAD);
    private final WorkloadCheck check = new WorkloadCheck(WORKLOAD, COMMANDS);

    @Test
    void shouldAgreeWithOneRightOutcomeForEachCommand() {
        // When
        LongStream.range(0, COMMANDS).forEach(i -> check.take(outcome(i, model.decide(i))));

        // Then
        assertThat(check.contradictions()).isEmpty();
        assertThat(check.model().balance(0)).isEqualTo(model.balance(0)).isNotNegative();
        assertThat(check.model().sequence(0)).isEqualTo(COMMANDS);
    }

    @Test
    void shouldTellWhatIsMissing() {
        // When
        LongStream.range(0, COMMANDS - 1).forEach(i -> check.take(outcome(i, model.decide(i))));

        // Then
        assertThat(check.contradictions())
                .singleElement()
                .asString()
                .contains("1 have none", WORKLOAD.uid(COMMANDS - 1).toString());
    }

    @Test
    void shouldTellASecondOutcome() {
        // When
        LongStream.range(0, COMMANDS).forEach(i -> check.take(outcome(i, model.decide(i))));
        check.take(outcome(3, new Model.Decision(0, 0, 51)));

        // Then
        assertThat(check.contradictions()).singleElement().asString().contains("one outcome of " + WORKLOAD.uid(3));
    }

    @Test
    void shouldTellAnotherBalance() {
        // When
        for (long i = 0; i < COMMANDS; i++) {
            Model.Decision right = model.decide(i);
            check.take(outcome(
                    i, i == 9 ? new Model.Decision(right.delta(), right.balance() + 1, right.sequence()) : right));
        }

        // Then
        assertThat(check.contradictions()).singleElement().asString().contains("command 9");
    }

    @Test
    void shouldTellAnotherOrderThatAddsUp() {
        // When
        check.take(outcome(1, model.decide(1)));
        check.take(outcome(0, model.decide(0)));

        // Then
        assertThat(check.contradictions())
                .anyMatch(text -> text.startsWith("Expected command 0 to be decided before 1"));
    }

    @Test
    void shouldTellARejectionThatMovesMoney() {
        // Given
        Model.Decision first = model.decide(0);
        Model.Decision second = model.decide(1);

        // When
        check.take(outcome(0, first));
        check.take(new String(outcome(1, second), StandardCharsets.UTF_8)
                .replace("ACCEPTED", "REJECTED")
                .getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(check.contradictions()).anyMatch(text -> text.contains("command 1"));
    }

    @Test
    void shouldTellAnotherOrder() {
        // Given
        Model.Decision first = model.decide(0);
        Model.Decision second = model.decide(1);

        // When
        check.take(outcome(1, second));
        check.take(outcome(0, first));

        // Then
        assertThat(check.contradictions()).hasSizeGreaterThan(1);
    }

    @Test
    void shouldTellOutcomesOfNoCommandAndNoOutcomesAtAll() {
        // Given
        LongStream.range(0, COMMANDS).forEach(i -> check.take(outcome(i, model.decide(i))));

        // When
        check.take(outcome(COMMANDS, new Model.Decision(1, 1, 1)));
        check.take("{}".getBytes(StandardCharsets.UTF_8));
        check.take("hello".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(check.contradictions()).hasSize(3);
    }

    private static byte[] outcome(long command, Model.Decision decision) {
        return outcome(WORKLOAD.uid(command), decision);
    }

    private static byte[] outcome(UUID uid, Model.Decision decision) {
        return String.format(
                        Locale.ROOT,
                        "{\"uid\":\"%s\",\"user_id\":\"user-0\",\"status\":\"%s\",\"delta\":\"%s\",\"balance\":\"%s\",\"sequence\":%d,"
                                + "\"source\":{\"partition\":0,\"offset\":1}}",
                        uid,
                        decision.delta() == 0 ? "REJECTED" : "ACCEPTED",
                        (decision.delta() < 0 ? "-" : "") + Hundredths.text(Math.abs(decision.delta())),
                        Hundredths.text(decision.balance()),
                        decision.sequence())
                .getBytes(StandardCharsets.UTF_8);
    }
}
