package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    /** Near the end of the range: {@link System#nanoTime()} may overflow. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

    private long taken(TokenBucket bucket, int tries) {
        return IntStream.range(0, tries).filter(i -> bucket.take()).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000, 1_000_000})
    void shouldLetOneSecondsWorthThrough(int rate) {
        // Given
        TokenBucket bucket = new TokenBucket(rate, now::get);

        // Then
        assertThat(taken(bucket, rate + 5)).isEqualTo(rate);
        now.addAndGet(SECOND / rate - 1);
        assertThat(bucket.take()).isFalse();
        now.addAndGet(1);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
        now.addAndGet(SECOND);
        assertThat(taken(bucket, rate + 5)).isEqualTo(rate);
        now.addAndGet(100 * SECOND);
        assertThat(taken(bucket, rate + 5)).isEqualTo(rate);
    }

    @Test
    void shouldKeepTheRateOverALongTime() {
        // Given
        TokenBucket bucket = new TokenBucket(10, now::get);
        taken(bucket, 10);

        // When
        long taken = 0;
        for (int i = 0; i < 1_000; i++) {
            now.addAndGet(SECOND / 100);
            taken += taken(bucket, 3);
        }

        // Then
        assertThat(taken).isEqualTo(100);
    }
}
