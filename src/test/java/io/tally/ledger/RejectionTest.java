package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row per rejection: the smallest history in which it is the reason. A new value without a row fails. */
class RejectionTest {
    private record Row(Supplier<LedgerHarness> history, CommandBuilder command) {}

    private static final Map<Rejection, Row> ROWS = Map.of(
            Rejection.UNKNOWN_USER,
            new Row(LedgerHarness::withRegistration, deposit(1)),
            Rejection.USER_EXISTS,
            new Row(() -> after(open().uid(2)), open()),
            Rejection.INSUFFICIENT_FUNDS,
            new Row(() -> after(deposit(100).uid(2)), withdraw(101)),
            Rejection.BALANCE_OVERFLOW,
            new Row(() -> LedgerHarness.open().fill(), deposit(1)));

    private static LedgerHarness after(CommandBuilder command) {
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(command);
        return ledger;
    }

    @ParameterizedTest
    @EnumSource(Rejection.class)
    void shouldRejectForThisReasonAndMoveNoMoney(Rejection reason) {
        // Given
        assertThat(ROWS).as("rows of the table").containsKey(reason);
        Row row = ROWS.get(reason);
        LedgerHarness ledger = row.history().get();
        AccountHead before = ledger.state.head(row.command().build().account());

        // When
        JournalEntry entry = ledger.decide(row.command());

        // Then
        assertThat(entry.rejection()).isEqualTo(reason);
        assertThat(entry.accepted()).isFalse();
        assertThat(entry.delta()).isZero();
        assertThat(entry.balance()).isEqualTo(before.balance());
        assertThat(entry.sequence()).isEqualTo(before.sequence() + 1);
    }

    @Test
    void shouldListTheReasonsInTheOrderOfTheContract() {
        assertThat(Rejection.values())
                .extracting(Rejection::name)
                .containsExactly("UNKNOWN_USER", "USER_EXISTS", "INSUFFICIENT_FUNDS", "BALANCE_OVERFLOW");
    }

    @Test
    void shouldNameTheUnknownUserBeforeMissingFunds() {
        // Given
        LedgerHarness ledger = LedgerHarness.withRegistration();

        // When
        JournalEntry entry = ledger.decide(withdraw(1));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.UNKNOWN_USER);
    }

    @Test
    void shouldNameTheUnknownUserBeforeTheOverflow() {
        // Given
        LedgerHarness ledger = LedgerHarness.open().fill().thenWithRegistration();

        // When
        JournalEntry entry = ledger.decide(deposit(1));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.UNKNOWN_USER);
    }

    @Test
    void shouldNotNameAnUnknownUserOnOpen() {
        // Given
        LedgerHarness ledger = LedgerHarness.withRegistration();
        ledger.decide(open().uid(2));

        // When
        JournalEntry entry = ledger.decide(open());

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.USER_EXISTS);
    }
}
