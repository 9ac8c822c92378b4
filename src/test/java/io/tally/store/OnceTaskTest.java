package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OnceTaskTest {
    @Test
    void shouldRunOnce() {
        AtomicInteger runs = new AtomicInteger();
        OnceTask task = new OnceTask(runs::incrementAndGet);

        task.complete();
        task.complete();

        assertThat(runs).hasValue(1);
    }

    @Test
    void shouldThrowWhatTheWorkThrewEachTime() {
        IllegalStateException thrown = new IllegalStateException("full");
        OnceTask task = new OnceTask(() -> {
            throw thrown;
        });

        assertThatThrownBy(task::complete).isSameAs(thrown);
        assertThatThrownBy(task::complete).isSameAs(thrown);
    }

    @Test
    void shouldWaitForTheThreadThatRunsItWhateverInterrupts() throws Exception {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(1);
        OnceTask task = new OnceTask(() -> {
            runs.countDown();
            awaitQuietly(go);
        });
        CompletableFuture<Void> first = CompletableFuture.runAsync(task::complete);
        runs.await();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread second = new Thread(() -> {
            task.complete();
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        second.start();
        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING);

        // When
        second.interrupt();

        // Then
        Awaitility.await().until(() -> second.getState() == Thread.State.WAITING && !second.isInterrupted());
        assertThat(interrupted).isNotDone();
        go.countDown();
        assertThat(interrupted.get()).isTrue();
        first.get();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
