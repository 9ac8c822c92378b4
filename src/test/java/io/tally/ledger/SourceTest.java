package io.tally.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SourceTest {
    @Test
    void shouldTakeSourcesFromZero() {
        assertThat(new Source(0, 0).offset()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new Source(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Source(0, -1));
    }
}
