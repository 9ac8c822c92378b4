package io.tally.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class MoneyTest {
    @Test
    void shouldBoundAmountsAndBalancesAsTheContractSays() {
        assertThat(BigInteger.valueOf(Money.MAX_AMOUNT))
                .isEqualTo(BigInteger.TEN.pow(15).subtract(BigInteger.ONE));
        assertThat(BigInteger.valueOf(Money.MAX_BALANCE))
                .isEqualTo(BigInteger.TEN.pow(18).subtract(BigInteger.ONE));
    }

    @Test
    void shouldAddWithinALong() {
        assertThat(Math.addExact(Money.MAX_BALANCE, Money.MAX_AMOUNT)).isPositive();
        assertThat(Math.subtractExact(-Money.MAX_BALANCE, Money.MAX_AMOUNT)).isNegative();
    }
}
