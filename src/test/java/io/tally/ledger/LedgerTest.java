package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    @Test
    void shouldAcceptWithdrawalOfTheWholeBalance() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(100).uid(1));

        // When
        JournalEntry entry = ledger.decide(withdraw(100).uid(2));

        // Then
        assertThat(entry.accepted()).isTrue();
        assertThat(entry.balance()).isZero();
        assertThat(entry.delta()).isEqualTo(-100);
    }

    @Test
    void shouldRejectWithdrawalOfOneMinorUnitMoreThanTheBalance() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(100).uid(1));

        // When
        JournalEntry entry = ledger.decide(withdraw(101).uid(2));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.INSUFFICIENT_FUNDS);
        assertThat(entry.balance()).isEqualTo(100);
    }

    @Test
    void shouldRejectWithdrawalFromAnUntouchedAccount() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();

        // When
        JournalEntry entry = ledger.decide(withdraw(1));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.INSUFFICIENT_FUNDS);
        assertThat(entry.sequence()).isEqualTo(1);
    }

    @Test
    void shouldAcceptDepositUpToTheLargestBalance() {
        // Given
        LedgerHarness ledger = LedgerHarness.open().fill();
        ledger.decide(withdraw(1).uid(1));

        // When
        JournalEntry entry = ledger.decide(deposit(1).uid(2));

        // Then
        assertThat(entry.accepted()).isTrue();
        assertThat(entry.balance()).isEqualTo(Money.MAX_BALANCE);
    }

    @Test
    void shouldRejectDepositOneMinorUnitBeyondTheLargestBalance() {
        // Given
        LedgerHarness ledger = LedgerHarness.open().fill();
        ledger.decide(withdraw(1).uid(1));

        // When
        JournalEntry entry = ledger.decide(deposit(2).uid(2));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.BALANCE_OVERFLOW);
        assertThat(entry.balance()).isEqualTo(Money.MAX_BALANCE - 1);
    }

    @Test
    void shouldRejectTheLargestAmountOnTheLargestBalanceWithoutWrappingAround() {
        // Given
        LedgerHarness ledger = LedgerHarness.open().fill();

        // When
        JournalEntry entry = ledger.decide(deposit(Money.MAX_AMOUNT));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.BALANCE_OVERFLOW);
    }

    @Test
    void shouldKeepCurrenciesApart() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(100).uid(1));
        ledger.decide(deposit(7).uid(2).currency("JPY"));

        // When
        JournalEntry entry = ledger.decide(withdraw(8).uid(3).currency("JPY"));

        // Then
        assertThat(entry.rejection()).isEqualTo(Rejection.INSUFFICIENT_FUNDS);
        assertThat(entry.sequence()).isEqualTo(2);
        assertThat(ledger.state.head(new Account("alice", "USD")).balance()).isEqualTo(100);
    }

    @Test
    void shouldCountRejectedCommandsInTheSequence() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(1).uid(1));
        ledger.decide(withdraw(2).uid(2));

        // When
        JournalEntry entry = ledger.decide(deposit(1).uid(3));

        // Then
        assertThat(entry.sequence()).isEqualTo(3);
        assertThat(entry.balance()).isEqualTo(2);
    }

    @Test
    void shouldDecideInOrderOfArrivalWhateverTheEffectiveTime() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(5).uid(1).timestamp(1_000));

        // When
        JournalEntry entry = ledger.decide(withdraw(5).uid(2).timestamp(0));

        // Then
        assertThat(entry.accepted()).isTrue();
        assertThat(entry.command().effectiveAt()).isZero();
    }

    @Test
    void shouldRecordTimeAndSourceOfTheInput() {
        // Given
        Ledger ledger = new Ledger(new LedgerSettings(4, "USD", false, "test", 1), CommandBuilder.CURRENCIES);
        Command command = deposit(5).build();

        // When
        Decision decision = ledger.decide(command, 42, new Source(3, 7), new InMemoryLedger());

        // Then
        assertThat(decision)
                .isEqualTo(new Decision.Decided(new JournalEntry(command, 1, 5, null, 42, new Source(3, 7))));
    }

    @Test
    void shouldAcceptOneOpenAfterTheFirstDeposit() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(5).uid(1));

        // When
        JournalEntry first = ledger.decide(open().uid(2));
        JournalEntry second = ledger.decide(open().uid(3));

        // Then
        assertThat(first.accepted()).isTrue();
        assertThat(first.delta()).isZero();
        assertThat(first.balance()).isEqualTo(5);
        assertThat(first.sequence()).isEqualTo(2);
        assertThat(second.rejection()).isEqualTo(Rejection.USER_EXISTS);
    }

    @Test
    void shouldDecideForStrangersWhenRegistrationIsNotRequired() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();

        // When
        JournalEntry entry = ledger.decide(deposit(5));

        // Then
        assertThat(entry.accepted()).isTrue();
    }

    @Test
    void shouldDecideForOpenedUsersInAnyCurrencyWhenRegistrationIsRequired() {
        // Given
        LedgerHarness ledger = LedgerHarness.withRegistration();
        ledger.decide(open().uid(1));

        // When
        JournalEntry deposit = ledger.decide(deposit(5).uid(2).currency("JPY"));
        JournalEntry withdrawal = ledger.decide(withdraw(5).uid(3).currency("JPY"));
        JournalEntry stranger = ledger.decide(deposit(5).uid(4).user("bob"));

        // Then
        assertThat(deposit.accepted()).isTrue();
        assertThat(withdrawal.accepted()).isTrue();
        assertThat(stranger.rejection()).isEqualTo(Rejection.UNKNOWN_USER);
    }
}
