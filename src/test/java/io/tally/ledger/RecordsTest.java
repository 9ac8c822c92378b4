package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the records refuse to be made of: both sides of each limit. */
class RecordsTest {
    private static final Source SOURCE = new Source(0, 0);

    @Test
    void shouldTakeAmountsFromOneToTheLargest() {
        assertThat(deposit(1).build().amount()).isEqualTo(1);
        assertThat(deposit(Money.MAX_AMOUNT).build().amount()).isEqualTo(999_999_999_999_999L);
        assertThat(withdraw(Money.MAX_AMOUNT).build().amount()).isEqualTo(Money.MAX_AMOUNT);
        assertThatIllegalArgumentException().isThrownBy(() -> deposit(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> withdraw(0).build());
        assertThatIllegalArgumentException().isThrownBy(() -> deposit(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deposit(Money.MAX_AMOUNT + 1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withdraw(Money.MAX_AMOUNT + 1).build());
    }

    @Test
    void shouldTakeNoAmountOnOpen() {
        assertThat(open().build().amount()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Command(
                        new UUID(0, 1), new Account("a", "USD"), CommandType.OPEN, 1, 0, null, false, false));
    }

    @Test
    void shouldTakeTimesFrom1970To9999() {
        assertThat(open().timestamp(0).build().effectiveAt()).isZero();
        assertThat(open().timestamp(Command.MAX_TIMESTAMP).build().effectiveAt())
                .isEqualTo(Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open().timestamp(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open().timestamp(Command.MAX_TIMESTAMP + 1).build());
    }

    @Test
    void shouldTakeANameOnOpenOnly() {
        assertThat(open().name("Alice").build().name()).isEqualTo("Alice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deposit(1).name("Alice").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withdraw(1).name("Alice").build());
    }

    @Test
    void shouldRefuseCommandsWithHoles() {
        Account account = new Account("a", "USD");
        assertThatNullPointerException().isThrownBy(() -> new Account(missing(), "USD"));
        assertThatNullPointerException().isThrownBy(() -> new Account("a", missing()));
        assertThatNullPointerException()
                .isThrownBy(() -> new Command(missing(), account, CommandType.OPEN, 0, 0, null, false, false));
        assertThatNullPointerException()
                .isThrownBy(() -> new Command(new UUID(0, 1), missing(), CommandType.OPEN, 0, 0, null, false, false));
        assertThatNullPointerException()
                .isThrownBy(() -> new Command(new UUID(0, 1), account, missing(), 0, 0, null, false, false));
    }

    @Test
    void shouldTakeEntriesWithinTheirBounds() {
        Command command = deposit(1).build();
        assertThat(new JournalEntry(command, 1, 0, null, 0, SOURCE).balance()).isZero();
        assertThat(new JournalEntry(command, 1, Money.MAX_BALANCE, null, 0, SOURCE).balance())
                .isEqualTo(999_999_999_999_999_999L);
        assertThatIllegalArgumentException().isThrownBy(() -> new JournalEntry(command, 0, 0, null, 0, SOURCE));
        assertThatIllegalArgumentException().isThrownBy(() -> new JournalEntry(command, 1, -1, null, 0, SOURCE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JournalEntry(command, 1, Money.MAX_BALANCE + 1, null, 0, SOURCE));
        assertThatNullPointerException().isThrownBy(() -> new JournalEntry(missing(), 1, 0, null, 0, SOURCE));
        assertThatNullPointerException().isThrownBy(() -> new JournalEntry(command, 1, 0, null, 0, missing()));
    }

    @Test
    void shouldGiveTheSignedDelta() {
        assertThat(new JournalEntry(deposit(7).build(), 1, 7, null, 0, SOURCE).delta())
                .isEqualTo(7);
        assertThat(new JournalEntry(withdraw(7).build(), 1, 0, null, 0, SOURCE).delta())
                .isEqualTo(-7);
        assertThat(new JournalEntry(open().build(), 1, 7, null, 0, SOURCE).delta())
                .isZero();
        assertThat(new JournalEntry(withdraw(7).build(), 1, 0, Rejection.INSUFFICIENT_FUNDS, 0, SOURCE).delta())
                .isZero();
    }

    @Test
    void shouldTakeSourcesFromZero() {
        assertThat(new Source(0, 0).offset()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new Source(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Source(0, -1));
    }

    @Test
    void shouldTakeAtLeastOnePartition() {
        assertThat(new LedgerSettings(1, "USD", false, "1", 1).partitions()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new LedgerSettings(0, "USD", false, "1", 1));
    }

    @Test
    void shouldFollowTheEntriesToTheHead() {
        // Given
        AccountHead opened = AccountHead.EMPTY.after(new JournalEntry(open().build(), 1, 0, null, 0, SOURCE));
        AccountHead refused =
                opened.after(new JournalEntry(withdraw(7).build(), 2, 0, Rejection.INSUFFICIENT_FUNDS, 0, SOURCE));
        AccountHead overflown =
                refused.after(new JournalEntry(deposit(7).build(), 3, 0, Rejection.BALANCE_OVERFLOW, 0, SOURCE));

        // When
        AccountHead funded = overflown.after(new JournalEntry(deposit(7).build(), 4, 7, null, 0, SOURCE));
        AccountHead emptied = funded.after(new JournalEntry(withdraw(7).build(), 5, 0, null, 0, SOURCE));

        // Then
        assertThat(opened).isEqualTo(new AccountHead(1, 0, false));
        assertThat(refused).isEqualTo(new AccountHead(2, 0, false));
        assertThat(overflown).isEqualTo(new AccountHead(3, 0, false));
        assertThat(funded).isEqualTo(new AccountHead(4, 7, true));
        assertThat(emptied).isEqualTo(new AccountHead(5, 0, true));
    }

    /** A null where none is meant. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T missing() {
        return null;
    }
}
