package io.tally.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DatedBalancesTest {
    private static final int COMMANDS = 2_000;
    private static final Workload WORKLOAD = new Workload(5, 1, true);

    @Test
    void shouldSumUpWhatIsEffectiveByThen() {
        // Given
        DatedBalances balances = new DatedBalances(WORKLOAD, COMMANDS);
        SplittableRandom random = new SplittableRandom(1);

        for (int i = 0; i < 50; i++) {
            // When
            long date = random.nextLong(Workload.FIRST_DATE.toEpochMilli() - 1_000, balances.lastMillis() + 1_000);

            // Then
            assertThat(balances.at(date)).as("seed 1, at " + date).isEqualTo(sum(date));
        }
    }

    @Test
    void shouldCountAnEntryFromItsMillisecondOn() {
        // Given
        DatedBalances balances = new DatedBalances(WORKLOAD, 1);
        long first = Workload.FIRST_DATE.toEpochMilli();

        // When // Then
        assertThat(balances.at(first - 1)).isZero();
        assertThat(balances.at(first)).isEqualTo(sum(first, 1));
        assertThat(balances.lastMillis()).isEqualTo(first);
    }

    private static long sum(long date) {
        return sum(date, COMMANDS);
    }

    private static long sum(long date, int commands) {
        Model model = new Model(WORKLOAD);
        long sum = 0;
        for (long command = 0; command < commands; command++) {
            long delta = model.decide(command).delta();
            sum += WORKLOAD.effectiveMillis(command) <= date ? delta : 0;
        }
        return sum;
    }
}
