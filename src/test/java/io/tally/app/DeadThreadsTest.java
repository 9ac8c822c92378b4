package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadThreadsTest {
    private final UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    private final List<String> stops = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(DeadThreads.class);
    private DeadThreads watch;

    @BeforeEach
    void begin() {
        lines.start();
        logger.addAppender(lines);
        watch = DeadThreads.watch((reason, cause) -> stops.add(reason + ": " + cause));
    }

    @AfterEach
    void end() {
        watch.close();
        logger.detachAppender(lines);
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
    }

    private static void run(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task, "updater");
        thread.start();
        thread.join();
    }

    @Test
    void shouldStopTheProcessWhenAnErrorEndsAThread() throws Exception {
        // When
        run(() -> {
            throw new NoSuchMethodError("gone");
        });

        // Then
        assertThat(stops).containsExactly("thread updater ended: java.lang.NoSuchMethodError: gone");
    }

    @Test
    void shouldOnlySaySoWhenAnExceptionEndsAThread() throws Exception {
        // When
        run(() -> {
            throw new IllegalStateException("broken");
        });

        // Then
        assertThat(stops).isEmpty();
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("Thread updater has ended");
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("broken");
        });
    }

    @Test
    void shouldSayNothingOfAThreadThatIsDone() throws Exception {
        // When
        run(() -> {});

        // Then
        assertThat(stops).isEmpty();
        assertThat(lines.list).isEmpty();
    }
}
