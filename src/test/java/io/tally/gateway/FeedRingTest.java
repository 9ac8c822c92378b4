package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FeedRingTest {
    private static final int JSON_BYTES = 100;

    private static OutcomeEvent event(int partition, long offset) {
        return new OutcomeEvent("ada", partition, offset, "type", new byte[JSON_BYTES]);
    }

    @Test
    void shouldKeepAsManyEventsAsItMay() {
        // Given
        FeedRing ring = new FeedRing(2, 4, Long.MAX_VALUE);
        ring.restart(1, new long[] {10, 20});
        for (int i = 0; i < 4; i++) {
            assertThat(ring.add(event(0, 10 + i))).isEqualTo(i);
        }
        assertThat(ring.starts()).containsExactly(10, 20);

        // When
        ring.add(event(1, 20));

        // Then
        assertThat(ring.first()).isEqualTo(1);
        assertThat(ring.end()).isEqualTo(5);
        assertThat(ring.starts()).containsExactly(11, 20);
        assertThat(ring.ends()).containsExactly(14, 21);
        assertThat(ring.at(1).offset()).isEqualTo(11);
        assertThat(ring.at(4).partition()).isEqualTo(1);
        assertThatThrownBy(() -> ring.at(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ring.at(5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldKeepAsManyBytesAsItMay() {
        // Given
        long weight = new FeedRing(1, 8, 0).weight(event(0, 0));
        assertThat(weight).isGreaterThan(JSON_BYTES);
        FeedRing ring = new FeedRing(1, 8, 3 * weight);
        ring.restart(1, new long[] {0});
        for (int i = 0; i < 3; i++) {
            ring.add(event(0, i));
        }
        assertThat(ring.first()).isZero();

        // When
        ring.add(event(0, 3));

        // Then
        assertThat(ring.first()).isEqualTo(1);
        assertThat(ring.starts()).containsExactly(1);
    }

    @Test
    void shouldNeverUseAnIndexTwice() {
        // Given
        FeedRing ring = new FeedRing(1, 4, Long.MAX_VALUE);
        ring.restart(1, new long[] {0});
        ring.add(event(0, 0));

        // When
        ring.restart(2, new long[] {5});

        // Then
        assertThat(ring.first()).isEqualTo(1);
        assertThat(ring.add(event(0, 5))).isEqualTo(1);
        assertThat(ring.topic()).isEqualTo(2);
        assertThat(ring.starts()).containsExactly(5);
    }

    @Test
    void shouldKnowItsEndBehindATransaction() {
        // Given
        FeedRing ring = new FeedRing(1, 4, Long.MAX_VALUE);
        ring.restart(1, new long[] {0});
        ring.add(event(0, 0));

        // When
        ring.advance(0, 2);

        // Then
        assertThat(ring.ends()).containsExactly(2);
        ring.advance(0, 1);
        assertThat(ring.ends()).containsExactly(2);
    }
}
