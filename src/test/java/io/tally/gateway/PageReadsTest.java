package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageReadsTest {
    /** As the system refuses one: a container has a bound. */
    private static final class NoThread extends Thread {
        @Override
        public void start() {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @Test
    void shouldLetTheNextOneTryAgainWhenThereIsNoThread() {
        try (PageReads reads = new PageReads("pages", task -> new NoThread())) {
            for (int i = 0; i < 5; i++) {
                // When
                Reply<String> reply =
                        reads.submit(() -> new Reply.Found<>("page")).join();

                // Then
                assertThat(reply).isEqualTo(new Reply.Unavailable<>("This instance has no thread left"));
            }
        }
    }
}
