package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Money;
import io.tally.ledger.Rejection;
import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutcomeEncoderTest {
    private final OutcomeEncoder encoder = new OutcomeEncoder(Samples.CURRENCIES);

    @Test
    void shouldWriteTheFieldsInOrder() {
        assertThat(json(Samples.entries().get("deposit")))
                .isEqualTo(
                        "{\"uid\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"user_id\":\"alice\",\"type\":\"DEPOSIT\","
                                + "\"amount\":\"10.50\",\"currency\":\"USD\",\"delta\":\"10.50\",\"status\":\"ACCEPTED\","
                                + "\"balance\":\"10.50\",\"sequence\":2,\"timestamp\":\"2026-11-23T10:00:00.000Z\","
                                + "\"recorded_at\":\"2026-11-23T10:00:00.000Z\",\"source\":{\"partition\":1,\"offset\":815}}");
    }

    @Test
    void shouldGiveTheReasonAndNoDeltaWhenRejected() {
        assertThat(json(Samples.entries().get("withdraw-insufficient-funds")))
                .contains("\"amount\":\"1000.00\",\"currency\":\"USD\",\"delta\":\"0.00\",\"status\":\"REJECTED\","
                        + "\"reason\":\"INSUFFICIENT_FUNDS\",\"balance\":\"10.45\"");
    }

    @Test
    void shouldShowNoAmountOnOpen() {
        assertThat(json(Samples.entries().get("open")))
                .contains("\"type\":\"OPEN\",\"currency\":\"USD\",\"delta\":\"0.00\",\"status\":\"ACCEPTED\"")
                .doesNotContain("amount", "name");
    }

    @Test
    void shouldSignTheDelta() {
        assertThat(json(Samples.entries().get("withdraw"))).contains("\"amount\":\"0.05\"", "\"delta\":\"-0.05\"");
    }

    @Test
    void shouldWriteYenWithoutAPoint() {
        assertThat(json(Samples.entries().get("deposit-yen"))).contains("\"amount\":\"10\"", "\"balance\":\"10\"");
    }

    @Test
    void shouldWriteRecordTimesOutOfRangeAsTheStartOf1970() {
        // Given
        JournalEntry entry = new JournalEntry(Samples.open(null), 1, 0, null, Long.MIN_VALUE, new Source(0, 0));

        // Then
        assertThat(json(entry)).contains("\"recorded_at\":\"1970-01-01T00:00:00.000Z\"");
    }

    @Test
    void shouldHaveRoomForTheLongestOutcome() {
        // Given
        JournalEntry largest = Samples.entries().get("deposit-largest");
        Command withdrawal =
                Samples.command(CommandType.WITHDRAW, largest.command().account(), Money.MAX_AMOUNT);

        // When
        String json = json(new JournalEntry(
                withdrawal,
                Long.MAX_VALUE,
                Money.MAX_BALANCE,
                Rejection.INSUFFICIENT_FUNDS,
                Samples.TIME,
                largest.source()));

        // Then
        assertThat(json).hasSize(459);
    }

    @Test
    void shouldRefuseACurrencyThatItDoesNotKnow() {
        // Given
        JournalEntry entry =
                Samples.entry(Samples.command(CommandType.DEPOSIT, new Account("a", "XXX"), 1), 1, 1, null);

        // Then
        assertThatThrownBy(() -> encoder.encode(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a currency of table iso4217-2026, but got 'XXX'");
    }

    @Test
    void shouldRefuseAUserIdThatWouldBreakTheJson() {
        // Given
        JournalEntry entry =
                Samples.entry(Samples.command(CommandType.DEPOSIT, new Account("a\"", "USD"), 1), 1, 1, null);

        // Then
        assertThatThrownBy(() -> encoder.encode(entry)).hasMessage("Expected a user id, but got 'a\"'");
    }

    private String json(JournalEntry entry) {
        return new String(encoder.encode(entry), StandardCharsets.UTF_8);
    }
}
