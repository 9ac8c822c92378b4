package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatingTaskTest {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final HandScheduler scheduler = new HandScheduler();
    private final AtomicInteger runs = new AtomicInteger();

    /** Runs what it is given when it is told to. */
    private static final class HandScheduler extends AbstractLifeCycle implements Scheduler {
        private record Waiting(Runnable task, Duration delay) {}

        private final Queue<Waiting> waiting = new ArrayDeque<>();

        @Override
        public Task schedule(Runnable task, long delay, TimeUnit units) {
            Waiting added = new Waiting(task, Duration.of(delay, units.toChronoUnit()));
            waiting.add(added);
            return () -> waiting.remove(added);
        }

        void runNext() {
            waiting.remove().task().run();
        }
    }

    @Test
    void shouldRunAgainAfterEachPause() throws Exception {
        // Given
        RepeatingTask task = new RepeatingTask(scheduler, PAUSE, runs::incrementAndGet);
        task.start();
        int atOnce = runs.get();

        // When
        scheduler.runNext();
        scheduler.runNext();

        // Then
        assertThat(atOnce).isZero();
        assertThat(runs).hasValue(2);
        assertThat(scheduler.waiting)
                .singleElement()
                .extracting(HandScheduler.Waiting::delay)
                .isEqualTo(PAUSE);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
    void shouldGoOnWhateverTheTaskThrows(Class<? extends Throwable> thrown) throws Exception {
        // Given
        RepeatingTask task = new RepeatingTask(scheduler, PAUSE, () -> {
            if (runs.incrementAndGet() != 3) {
                throwUnchecked(thrown);
            }
        });
        task.start();

        try (LoggedErrors errors = new LoggedErrors(RepeatingTask.class)) {
            // When: the third time it succeeds.
            for (int i = 0; i < 4; i++) {
                scheduler.runNext();
            }

            // Then: what lasts is said once, and what comes back once more.
            assertThat(runs).hasValue(4);
            assertThat(scheduler.waiting).hasSize(1);
            assertThat(errors.lines()).hasSize(2).allMatch(line -> line.contains("every 2000 ms"));
        }
    }

    private static void throwUnchecked(Class<? extends Throwable> type) {
        if (type == IllegalStateException.class) {
            throw new IllegalStateException("thrown by the test");
        }
        throw new StackOverflowError("thrown by the test");
    }

    @Test
    void shouldEndWithTheServer() throws Exception {
        // Given
        RepeatingTask task = new RepeatingTask(scheduler, PAUSE, runs::incrementAndGet);
        task.start();
        scheduler.runNext();

        // When
        task.stop();

        // Then
        assertThat(scheduler.waiting).isEmpty();
    }

    @Test
    void shouldNotGoOnWhenTheServerStopsWhileItRuns() throws Exception {
        // Given
        RepeatingTask[] itself = new RepeatingTask[1];
        itself[0] = new RepeatingTask(scheduler, PAUSE, () -> stop(itself[0]));
        itself[0].start();

        // When
        scheduler.runNext();

        // Then
        assertThat(scheduler.waiting).isEmpty();
    }

    private static void stop(RepeatingTask task) {
        try {
            task.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
