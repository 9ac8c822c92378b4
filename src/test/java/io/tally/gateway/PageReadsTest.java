package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class PageReadsTest {
    @Test
    void shouldLetTheNextOneTryAgainWhenThereIsNoThread() {
        // Given: a container has a bound of threads.
        ThreadFactory none = task -> {
            throw new OutOfMemoryError("unable to create native thread");
        };
        try (PageReads reads = new PageReads("pages", none)) {
            for (int i = 0; i < 5; i++) {
                // When
                CompletableFuture<Reply<String>> reply = reads.submit(() -> new Reply.Found<>("page"));

                // Then
                assertThat(reply).isCompletedWithValue(new Reply.Unavailable<>("This instance has no thread left"));
            }
        }
    }
}
