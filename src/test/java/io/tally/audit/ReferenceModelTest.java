package io.tally.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.Result.DeadLetter;
import io.tally.audit.Result.Outcome;
import io.tally.audit.Result.Repeat;
import io.tally.audit.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReferenceModelTest {
    private static final int PARTITIONS = 4;
    private static final String UID = "00000000-0000-0000-0000-00000000000";
    private static final int ALICES = ReferenceModel.partition("alice", PARTITIONS);

    private final AuditSettings settings = Records.settings(PARTITIONS);
    private History model = new History(settings);
    private long offset;

    @Test
    void shouldGiveTheOutcomeOfTheContract() {
        // When
        Outcome outcome = outcome("DEPOSIT", 1, "10.5", "timestamp", "2026-01-02T03:04:05.6789+01:00");

        // Then
        Map<?, ?> source = (Map<?, ?>) outcome.fields().get("source");
        assertThat(source).isEqualTo(Map.of("partition", (long) ALICES, "offset", 0L));
        assertThat(Json.text(outcome.fields()))
                .isEqualTo("{\"uid\":\"" + UID + "1\",\"user_id\":\"alice\",\"type\":\"DEPOSIT\","
                        + "\"amount\":\"10.50\",\"currency\":\"USD\",\"delta\":\"10.50\",\"status\":\"ACCEPTED\","
                        + "\"balance\":\"10.50\",\"sequence\":1,\"timestamp\":\"2026-01-02T02:04:05.678Z\","
                        + "\"recorded_at\":\"1970-01-01T00:00:01.000Z\",\"source\":"
                        + Json.text(source) + "}");
        assertThat(outcome.headers()).containsEntry("ce_type", "tally.transaction.accepted.v1");
    }

    @Test
    void shouldShowARejectedWithdrawalWithoutDelta() {
        // When
        Outcome outcome = outcome("WITHDRAW", 1, "1");

        // Then
        assertThat(outcome.fields())
                .containsEntry("status", "REJECTED")
                .containsEntry("reason", "INSUFFICIENT_FUNDS")
                .containsEntry("delta", "0.00")
                .containsEntry("balance", "0.00")
                .containsEntry("amount", "1.00")
                .containsEntry("sequence", 1L);
        assertThat(model.known("alice")).isFalse();
    }

    @Test
    void shouldKeepTheFirstOutcomeAndNameConflicts() {
        // Given
        Outcome first = outcome("WITHDRAW", 1, "1");
        outcome("DEPOSIT", 2, "5");

        // Then
        assertThat(apply("WITHDRAW", 1, "1.00")).isEqualTo(new Repeat());
        assertThat(((DeadLetter) apply("DEPOSIT", 1, "1")).field()).isEqualTo("type");
        assertThat(((DeadLetter) apply("WITHDRAW", 1, "2")).field()).isEqualTo("amount");
        assertThat(((DeadLetter) apply("WITHDRAW", 1, "1", "currency", "USD")).field())
                .isEqualTo("currency");
        assertThat(((DeadLetter) apply("WITHDRAW", 1, "1", "timestamp", "2026-01-01T00:00:00Z")).field())
                .isEqualTo("timestamp");
        assertThat(model.outcome("alice", UUID.fromString(UID + 1))).isEqualTo(first);
        assertThat(model.sequence("alice", "USD")).isEqualTo(2);
    }

    @Test
    void shouldOpenOnceAlsoAfterADeposit() {
        // Given
        outcome("DEPOSIT", 1, "5");

        // When
        Outcome first = outcome("OPEN", 2, null, "name", "Alice");
        Outcome second = outcome("OPEN", 3, null);

        // Then
        assertThat(first.headers()).containsEntry("ce_type", "tally.user.opened.v1");
        assertThat(first.fields()).doesNotContainKey("amount").containsEntry("balance", "5.00");
        assertThat(second.reason()).isEqualTo("USER_EXISTS");
    }

    @Test
    void shouldKnowNobodyBeforeTheOpenWhenRegistrationIsRequired() {
        // Given
        model = new History(new AuditSettings(PARTITIONS, "USD", true, settings.currencies()));

        // Then
        assertThat(outcome("WITHDRAW", 1, "5").reason()).isEqualTo("UNKNOWN_USER");
        assertThat(outcome("OPEN", 2, null).accepted()).isTrue();
        assertThat(outcome("DEPOSIT", 3, "5").accepted()).isTrue();
    }

    @Test
    void shouldOverflowOneMinorUnitBeyondTheLargestBalance() {
        // Given
        model = new History(new AuditSettings(PARTITIONS, "JPY", false, Map.of("JPY", 0)));
        for (int i = 0; i < 1_000; i++) {
            outcome("DEPOSIT", 10_000 + i, "999999999999999");
        }

        // Then
        assertThat(outcome("DEPOSIT", 1, "1000").reason()).isEqualTo("BALANCE_OVERFLOW");
        assertThat(outcome("DEPOSIT", 2, "999").fields()).containsEntry("balance", "999999999999999999");
        assertThat(outcome("DEPOSIT", 3, "1").reason()).isEqualTo("BALANCE_OVERFLOW");
    }

    @Test
    void shouldGiveBalancesAtADateAndStatementsByEffectiveTime() {
        // Given
        outcome("DEPOSIT", 1, "10", "timestamp", "2026-01-03T00:00:00Z");
        outcome("WITHDRAW", 2, "4", "timestamp", "2026-01-01T00:00:00Z");
        outcome("DEPOSIT", 3, "1", "timestamp", "2026-01-01T00:00:00Z");
        outcome("DEPOSIT", 4, "7", "currency", "EUR");

        // Then
        assertThat(balanceAt("2025-12-31T23:59:59.999Z")).isEqualTo("0.00");
        assertThat(balanceAt("2026-01-01")).isEqualTo("-3.00");
        assertThat(balanceAt("2026-01-02T23:59:59.999Z")).isEqualTo("-3.00");
        assertThat(balanceAt("2026-01-03")).isEqualTo("7.00");
        assertThat(model.balances("alice").get("USD")).isEqualTo("7.00");
        assertThat(model.balances("alice")).containsOnlyKeys("EUR", "USD");
        assertThat(model.statement("alice", "USD"))
                .extracting(Outcome::sequence)
                .containsExactly(2L, 3L, 1L);
    }

    @Test
    void shouldSendARecordInTheWrongPartitionOnItsWayOnce() {
        // Given
        int wrong = (ALICES + 1) % PARTITIONS;
        byte[] value = json("DEPOSIT", 1, "1").getBytes(StandardCharsets.UTF_8);
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);

        // When
        Result original = model.apply(Records.input(wrong, 0, 1_000, key, value, null));
        Result again = model.apply(Records.input(wrong, 1, 1_000, key, value, "7:3:1000"));
        Result copy = model.apply(Records.input(ALICES, 9, 2_000, key, value, wrong + ":0:1000"));

        // Then
        assertThat(original).isEqualTo(new Rerouted(ALICES, "alice"));
        assertThat(again).isEqualTo(new DeadLetter("key_mismatch", true, null, new Position(7, 3)));
        assertThat(((Outcome) copy).source()).isEqualTo(new Position(ALICES, 9));
        assertThat(((Outcome) copy).recordedAt()).isEqualTo(2_000);
    }

    @Test
    void shouldNotRouteWhatCannotBeDecided() {
        // Given
        int wrong = (ALICES + 1) % PARTITIONS;

        // When
        Result result = model.apply(Records.input(wrong, 5, 1_000, null, new byte[] {'{'}, null));

        // Then
        assertThat(result).isEqualTo(new DeadLetter("malformed_json", true, null, new Position(wrong, 5)));
    }

    @Test
    void shouldTakeRecordTimesOutsideTheBoundsFor1970() {
        // Given
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);
        byte[] value = json("DEPOSIT", 1, "1").getBytes(StandardCharsets.UTF_8);

        // When
        Outcome outcome = (Outcome) model.apply(Records.input(ALICES, 0, -1, key, value, null));

        // Then
        assertThat(outcome.effectiveAt()).isZero();
    }

    @Test
    void shouldPartitionAsTheJavaProducerDoes() {
        assertThat(List.of("alice", "bob", "1", "user-7"))
                .allSatisfy(
                        user -> assertThat(ReferenceModel.partition(user, 4)).isBetween(0, 3));
        assertThat(ReferenceModel.partition("21", 1_000)).isEqualTo((-973932308 & 0x7fffffff) % 1_000);
    }

    private String balanceAt(String date) {
        return model.balanceAt("alice", "USD", EffectiveTime.parse(date))
                .setScale(2)
                .toPlainString();
    }

    private Outcome outcome(String type, int uid, @Nullable String amount, String... more) {
        return (Outcome) apply(type, uid, amount, more);
    }

    private Result apply(String type, int uid, @Nullable String amount, String... more) {
        byte[] value = json(type, uid, amount, more).getBytes(StandardCharsets.UTF_8);
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);
        return model.apply(Records.input(ALICES, offset++, 1_000, key, value, null));
    }

    private static String json(String type, int uid, @Nullable String amount, String... more) {
        Map<String, Object> fields = new HashMap<>();
        fields.put("uid", "00000000-0000-0000-0000-%012d".formatted(uid));
        fields.put("type", type);
        fields.put("amount", amount);
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        return Json.text(fields);
    }
}
