package io.tally.ledger;

import static io.tally.ledger.CommandBuilder.deposit;
import static io.tally.ledger.CommandBuilder.open;
import static io.tally.ledger.CommandBuilder.withdraw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class JournalEntryTest {
    private static final Source SOURCE = new Source(0, 0);

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
        assertThatNullPointerException().isThrownBy(() -> new JournalEntry(Missing.value(), 1, 0, null, 0, SOURCE));
        assertThatNullPointerException().isThrownBy(() -> new JournalEntry(command, 1, 0, null, 0, Missing.value()));
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
}
