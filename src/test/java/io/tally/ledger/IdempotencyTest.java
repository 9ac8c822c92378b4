package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One outcome per (user, uid), whatever the state has become. */
class IdempotencyTest {
    private static final long T = 1_600_000_000_000L;

    @Test
    void shouldRepeatTheFirstOutcomeThoughTheStateWouldNowRefuse() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(5).uid(1));
        JournalEntry first = ledger.decide(withdraw(5).uid(2));

        // When
        Decision decision = ledger.submit(withdraw(5).uid(2));

        // Then
        assertThat(decision).isEqualTo(new Decision.Repeated(first));
        assertThat(ledger.state.journal()).hasSize(2);
    }

    @Test
    void shouldKeepARejectedUidRejectedAfterFundsArrive() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        JournalEntry rejected = ledger.decide(withdraw(5).uid(1));
        ledger.decide(deposit(100).uid(2));

        // When
        Decision decision = ledger.submit(withdraw(5).uid(1));

        // Then
        assertThat(decision).isEqualTo(new Decision.Repeated(rejected));
        assertThat(rejected.rejection()).isEqualTo(Rejection.INSUFFICIENT_FUNDS);
    }

    @Test
    void shouldKeepAnUnknownUsersUidRejectedAfterTheOpen() {
        // Given
        LedgerHarness ledger = LedgerHarness.withRegistration();
        JournalEntry rejected = ledger.decide(deposit(5).uid(1));
        ledger.decide(open().uid(2));

        // When
        Decision decision = ledger.submit(deposit(5).uid(1));

        // Then
        assertThat(decision).isEqualTo(new Decision.Repeated(rejected));
    }

    @Test
    void shouldRepeatAnOpenInsteadOfSayingThatTheUserExists() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        JournalEntry first = ledger.decide(open().uid(1).name("Alice"));

        // When
        Decision decision = ledger.submit(open().uid(1).name("Alice"));

        // Then
        assertThat(decision).isEqualTo(new Decision.Repeated(first));
    }

    static Stream<Arguments> sameRequests() {
        return Stream.of(
                arguments(
                        "filled-in time",
                        deposit(5).filledInTimestamp(1),
                        deposit(5).filledInTimestamp(2)),
                arguments("sent time", deposit(5).timestamp(T), deposit(5).timestamp(T)),
                arguments(
                        "sent currency", deposit(5).currency("EUR"), deposit(5).currency("EUR")),
                arguments("open without a name", open().filledInTimestamp(1), open().filledInTimestamp(2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sameRequests")
    void shouldTakeTheSameRequestForARepeat(String what, CommandBuilder sent, CommandBuilder again) {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        JournalEntry first = ledger.decide(sent);

        // When
        Decision decision = ledger.submit(again);

        // Then
        assertThat(decision).isEqualTo(new Decision.Repeated(first));
    }

    static Stream<Arguments> differentRequests() {
        return Stream.of(
                arguments("other type", CommandField.TYPE, deposit(5), withdraw(5)),
                arguments(
                        "type before amount",
                        CommandField.TYPE,
                        deposit(5),
                        withdraw(6).timestamp(T)),
                arguments("open instead of deposit", CommandField.TYPE, deposit(5), open()),
                arguments("other amount", CommandField.AMOUNT, deposit(5), deposit(6)),
                arguments(
                        "amount before currency",
                        CommandField.AMOUNT,
                        deposit(5),
                        deposit(6).currency("EUR")),
                arguments(
                        "same minor units, other decimal (0.10 USD, 10 JPY)",
                        CommandField.AMOUNT,
                        deposit(10).currency("USD"),
                        deposit(10).currency("JPY")),
                arguments(
                        "same decimal, other digits (10 USD, 10 JPY)",
                        CommandField.CURRENCY,
                        deposit(1_000).currency("USD"),
                        deposit(10).currency("JPY")),
                arguments(
                        "same decimal, more digits (10 CLF, 10 KWD)",
                        CommandField.CURRENCY,
                        deposit(100_000).currency("CLF"),
                        deposit(10_000).currency("KWD")),
                arguments(
                        "other currency",
                        CommandField.CURRENCY,
                        deposit(5).currency("USD"),
                        deposit(5).currency("EUR")),
                arguments(
                        "currency now present",
                        CommandField.CURRENCY,
                        deposit(5),
                        deposit(5).currency("USD")),
                arguments(
                        "currency now absent", CommandField.CURRENCY, deposit(5).currency("USD"), deposit(5)),
                arguments(
                        "currency before timestamp",
                        CommandField.CURRENCY,
                        deposit(5).currency("USD"),
                        deposit(5).currency("EUR").timestamp(T)),
                arguments(
                        "other timestamp",
                        CommandField.TIMESTAMP,
                        deposit(5).timestamp(T),
                        deposit(5).timestamp(T + 1)),
                arguments(
                        "timestamp now present",
                        CommandField.TIMESTAMP,
                        deposit(5).filledInTimestamp(T),
                        deposit(5).timestamp(T)),
                arguments(
                        "timestamp now absent",
                        CommandField.TIMESTAMP,
                        deposit(5).timestamp(T),
                        deposit(5).filledInTimestamp(T)),
                arguments(
                        "timestamp before name",
                        CommandField.TIMESTAMP,
                        open().timestamp(T).name("A"),
                        open().timestamp(T + 1).name("B")),
                arguments("other name", CommandField.NAME, open().name("A"), open().name("B")),
                arguments("name now present", CommandField.NAME, open(), open().name("A")),
                arguments("name now absent", CommandField.NAME, open().name("A"), open()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("differentRequests")
    void shouldNameTheFirstFieldThatDiffers(
            String what, CommandField field, CommandBuilder sent, CommandBuilder again) {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        JournalEntry first = ledger.decide(sent);

        // When
        Decision decision = ledger.submit(again);

        // Then
        assertThat(decision).isEqualTo(new Decision.Conflicting(first, field));
        assertThat(ledger.state.journal()).containsExactly(first);
    }

    @Test
    void shouldFindTheConflictWithARejectedCommandToo() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        JournalEntry rejected = ledger.decide(withdraw(5));

        // When
        Decision decision = ledger.submit(withdraw(4));

        // Then
        assertThat(decision).isEqualTo(new Decision.Conflicting(rejected, CommandField.AMOUNT));
    }

    @Test
    void shouldDecideTheSameUidOfAnotherUserOnItsOwn() {
        // Given
        LedgerHarness ledger = LedgerHarness.open();
        ledger.decide(deposit(5).uid(1));

        // When
        JournalEntry entry = ledger.decide(deposit(6).uid(1).user("bob"));

        // Then
        assertThat(entry.balance()).isEqualTo(6);
        assertThat(entry.sequence()).isEqualTo(1);
    }
}
