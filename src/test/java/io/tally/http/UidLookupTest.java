package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UidLookupTest {
    @Test
    void shouldReadWhichPartitionsAreMeant() {
        assertThat(UidLookup.partitions("2,0", 3)).containsExactlyInAnyOrder(0, 2);
        assertThat(UidLookup.partitions("1,3", 3)).containsExactly(1);
        assertThat(UidLookup.partitions("99999", 100_000)).containsExactly(Parameters.MAX_PARTITION);
    }

    @Test
    void shouldMeanAllWhenNoneAreNamed() {
        for (String text : new String[] {null, "", "x", "1,", ",1", "100000"}) {
            assertThat(UidLookup.partitions(text, 2)).as(text).containsExactly(0, 1);
        }
    }

    @Test
    void shouldReadAsManyAsAHeaderHolds() {
        assertThat(UidLookup.partitions("1" + ",1".repeat(EdgeLimits.HEAD_BYTES / 2), 2))
                .containsExactly(1);
    }
}
