package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tally.audit.History;
import io.tally.audit.Records;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SightingCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "ada";

    private final History model = new History(Records.settings(LedgerCluster.PARTITIONS));

    @BeforeEach
    void depositThreeTimes() {
        for (int i = 0; i < 3; i++) {
            Write write = new Write(UUID.randomUUID(), USER, "DEPOSIT", new BigDecimal("1.50"));
            byte[] key = USER.getBytes(StandardCharsets.UTF_8);
            byte[] value = write.json().getBytes(StandardCharsets.UTF_8);
            model.apply(Records.input(write.partition(), i, 1_700_000_000_000L, key, value, null));
        }
    }

    private static Sighting saw(String balance, long sequence, long told, boolean withPosition) {
        var body = JSON.createObjectNode().put("balance", balance).put("sequence", sequence);
        return new Sighting(USER, "one", told, withPosition, 0, 1, new HttpAnswer(200, body, false, null, null));
    }

    private static Sighting told(int status) {
        HttpAnswer answer = new HttpAnswer(status, MissingNode.getInstance(), false, null, null);
        return new Sighting(USER, "one", 1, true, 0, 1, answer);
    }

    private List<String> violations(Sighting... sightings) {
        return SightingCheck.violations(List.of(sightings), model);
    }

    @Test
    void shouldFindNothingInStatesThatWereCommitted() {
        List<Sighting> seen = List.of(
                saw("1.50", 1, 0, false),
                saw("3.00", 2, 3, false),
                saw("4.50", 3, 3, true),
                told(503),
                told(HttpAnswer.NONE));

        assertThat(SightingCheck.violations(seen, model)).isEmpty();
        assertThat(seen).filteredOn(Sighting::isOlder).hasSize(1);
    }

    @Test
    void shouldFindStatesThatWereNeverCommitted() {
        List<String> violations = violations(
                saw("1.49", 1, 0, false),
                saw("3.00", 1, 0, false),
                saw("0.00", 0, 0, false),
                saw("6.00", 4, 0, false),
                saw("-", 1, 0, false));

        assertThat(violations).hasSize(5).allMatch(found -> found.startsWith("a state that was never committed"));
    }

    @Test
    void shouldFindALookThatDidNotWaitForItsPosition() {
        List<String> violations = violations(saw("3.00", 2, 3, true));

        assertThat(violations).singleElement().asString().startsWith("did not wait for the position");
    }

    @Test
    void shouldFindAKnownUserWhoIsCalledUnknown() {
        List<String> violations = violations(told(404));

        assertThat(violations).singleElement().asString().startsWith("a user who has deposited is unknown");
    }

    @Test
    void shouldFindStatusesThatALookMayNotHave() {
        List<String> violations = violations(told(500), told(421), told(400), told(202));

        assertThat(violations).hasSize(4).allMatch(found -> found.startsWith("answered what it may not"));
    }
}
