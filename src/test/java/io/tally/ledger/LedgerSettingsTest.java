package io.tally.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LedgerSettingsTest {
    @Test
    void shouldTakeAtLeastOnePartition() {
        assertThat(new LedgerSettings(1, "USD", false, "1", 1).partitions()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new LedgerSettings(0, "USD", false, "1", 1));
    }
}
