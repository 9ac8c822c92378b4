package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveHeapTest {
    @Test
    void shouldReadTheTotalOfAHistogram() {
        assertThat(LiveHeap.total("""
                1234:
                 num     #instances         #bytes  class name (module)
                   1:         53245        5242880  [B (java.base@17.0.15)
                Total        603245       31457280
                """)).isEqualTo(30);
    }

    @Test
    void shouldKnowNothingWithoutATotal() {
        assertThat(LiveHeap.total("com.sun.tools.attach.AttachNotSupportedException"))
                .isNaN();
    }
}
