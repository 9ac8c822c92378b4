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

/** What a command refuses to be made of: both sides of each limit. */
class CommandTest {
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
        assertThatNullPointerException().isThrownBy(() -> new Account(Missing.value(), "USD"));
        assertThatNullPointerException().isThrownBy(() -> new Account("a", Missing.value()));
        assertThatNullPointerException()
                .isThrownBy(() -> new Command(Missing.value(), account, CommandType.OPEN, 0, 0, null, false, false));
        assertThatNullPointerException()
                .isThrownBy(
                        () -> new Command(new UUID(0, 1), Missing.value(), CommandType.OPEN, 0, 0, null, false, false));
        assertThatNullPointerException()
                .isThrownBy(() -> new Command(new UUID(0, 1), account, Missing.value(), 0, 0, null, false, false));
    }
}
