package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountHeadTest {
    private static final Source SOURCE = new Source(0, 0);

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
}
