package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.audit.History;
import io.tally.audit.Records;
import io.tally.audit.Result.Outcome;
import io.tally.gateway.Position;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A judge who never finds anything is worth nothing: each promise is broken once. */
class HistoryCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "ada";

    private final History model = new History(Records.settings(LedgerCluster.PARTITIONS));
    private final List<Attempt> history = new ArrayList<>();
    private final Write deposit = write("DEPOSIT", "10.00");
    private final Write withdrawal = write("WITHDRAW", "25.00");
    private long offset;
    private long clock;

    private static Write write(String type, String amount) {
        return new Write(UUID.randomUUID(), USER, type, new BigDecimal(amount));
    }

    /** The write comes to stand in the log. */
    private Outcome decide(Write write) {
        byte[] key = USER.getBytes(StandardCharsets.UTF_8);
        byte[] value = write.json().getBytes(StandardCharsets.UTF_8);
        model.apply(Records.input(write.partition(), offset++, 1_700_000_000_000L + offset, key, value, null));
        return Objects.requireNonNull(model.outcome(USER, write.uid()));
    }

    private static ObjectNode body(Outcome outcome) {
        ObjectNode fields =
                (ObjectNode) HttpAnswer.json(JSON.valueToTree(outcome.fields()).toString());
        return outcome.accepted()
                ? fields
                : JSON.createObjectNode().put("code", "insufficient_funds").set("outcome", fields);
    }

    private static HttpAnswer right(Outcome outcome, boolean replayed) {
        return answer(outcome, body(outcome), replayed, outcome.source().offset());
    }

    private static HttpAnswer answer(Outcome outcome, JsonNode body, boolean replayed, long at) {
        String position = new Position(outcome.source().partition(), at).toText();
        return new HttpAnswer(outcome.accepted() ? 200 : 402, body, replayed, position, null);
    }

    private static HttpAnswer problem(int status, String code) {
        return new HttpAnswer(status, JSON.createObjectNode().put("code", code), false, null, null);
    }

    private static HttpAnswer none() {
        return new HttpAnswer(HttpAnswer.NONE, MissingNode.getInstance(), false, null, "ConnectException");
    }

    private void tell(Write write, HttpAnswer answer) {
        history.add(new Attempt(write, "one", clock++, clock++, answer));
    }

    private List<String> violations() {
        return HistoryCheck.violations(history, model);
    }

    private void assertFound(String violation) {
        assertThat(violations()).anyMatch(found -> found.startsWith(violation));
    }

    @Test
    void shouldFindNothingInATrueHistory() {
        // Given
        Write never = write("DEPOSIT", "1.00");
        Write late = write("DEPOSIT", "2.00");
        Write lost = write("DEPOSIT", "3.00");
        tell(never, problem(503, "unavailable"));
        tell(deposit, right(decide(deposit), false));
        tell(deposit, right(Objects.requireNonNull(model.outcome(USER, deposit.uid())), true));
        tell(deposit.changed(), problem(409, "uid_conflict"));
        tell(withdrawal, right(decide(withdrawal), false));
        tell(late, new HttpAnswer(202, MissingNode.getInstance(), false, null, null));
        tell(lost, problem(503, "outcome_unknown"));
        tell(write("DEPOSIT", "4.00"), none());
        decide(late);
        decide(lost);

        // When
        List<String> violations = violations();

        // Then
        assertThat(violations).isEmpty();
        assertThat(HistoryCheck.unresolved(history)).hasSize(2).contains(lost);
    }

    @Test
    void shouldFindAnOutcomeThatTheLogDoesNotHave() {
        History other = new History(Records.settings(LedgerCluster.PARTITIONS));
        tell(deposit, right(decide(deposit), false));

        assertThat(HistoryCheck.violations(history, other)).anyMatch(found -> found.startsWith("told an outcome that"));
    }

    @Test
    void shouldFindAnotherBalanceThanTheLogs() {
        Outcome outcome = decide(deposit);
        tell(deposit, answer(outcome, body(outcome).put("balance", "10.01"), false, 0));

        assertFound("told another outcome than the log's");
    }

    @Test
    void shouldFindAnotherSequenceThanTheLogs() {
        Outcome outcome = decide(deposit);
        tell(deposit, answer(outcome, body(outcome).put("sequence", 2), false, 0));

        assertFound("told another outcome than the log's");
    }

    @Test
    void shouldFindTheOutcomeOfAnotherContentUnderTheSameUid() {
        tell(deposit, none());
        tell(deposit.changed(), right(decide(deposit), true));

        assertFound("told the outcome of something else");
    }

    @Test
    void shouldFindARejectionThatIsCalledASuccess() {
        decide(deposit);
        tell(deposit, none());
        Outcome outcome = decide(withdrawal);
        JsonNode fields = body(outcome).path("outcome");
        String position = new Position(outcome.source().partition(), 1).toText();
        tell(withdrawal, new HttpAnswer(200, fields, false, position, null));

        assertFound("told the outcome of something else");
    }

    @Test
    void shouldFindAPositionBeforeTheOutcome() {
        tell(deposit, none());
        decide(deposit);
        Outcome second = decide(withdrawal);
        tell(withdrawal, answer(second, body(second), true, 0));

        assertFound("not the position of the outcome");
    }

    @Test
    void shouldFindAnAcknowledgedWriteThatWasNeverDecided() {
        tell(deposit, new HttpAnswer(202, MissingNode.getInstance(), false, null, null));

        assertFound("acknowledged and never decided");
    }

    @Test
    void shouldFindAWriteThatWasMadeAlthoughNothingWasWritten() {
        tell(deposit, problem(503, "unavailable"));
        tell(deposit, problem(429, "too_many_requests"));
        tell(deposit.changed(), none());
        decide(deposit);

        assertFound("told that nothing was written");
    }

    @Test
    void shouldFindAWriteThatNobodySent() {
        tell(deposit, right(decide(deposit), false));
        decide(withdrawal);

        assertFound("nobody sent");
    }

    @Test
    void shouldFindTwoFirstDecisions() {
        Outcome outcome = decide(deposit);
        tell(deposit, right(outcome, false));
        tell(deposit, right(outcome, false));

        assertFound("told to be the first 2 times");
    }

    @Test
    void shouldFindAConflictWithItself() {
        tell(deposit, right(decide(deposit), false));
        tell(deposit, problem(409, "uid_conflict"));

        assertFound("told a conflict that the log does not have");
    }

    @Test
    void shouldFindADecisionThatOvertookAnEarlierAnswer() {
        Outcome first = decide(deposit);
        tell(withdrawal, right(decide(withdrawal), false));
        tell(deposit, right(first, false));

        assertFound("decided before sequence 2");
    }

    @Test
    void shouldFindStatusesThatAWriteMayNotHave() {
        tell(deposit, problem(500, "internal_error"));
        tell(deposit, problem(502, ""));
        tell(deposit, problem(421, "misdirected"));
        tell(deposit, problem(404, "not_found"));
        tell(deposit, problem(409, "ambiguous_uid"));

        assertThat(violations()).hasSize(5).allMatch(found -> found.startsWith("answered what it may not"));
    }
}
