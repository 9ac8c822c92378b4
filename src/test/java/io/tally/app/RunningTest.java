package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunningTest {
    /** Not a child of this process, as a launcher is none. */
    @Test
    void shouldHearOfTheEndOfAProcess() throws Exception {
        // Given
        Process shell = new ProcessBuilder("sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!").start();
        long process;
        try (BufferedReader out = shell.inputReader()) {
            process = Long.parseLong(out.readLine());
        }
        shell.waitFor();
        CountDownLatch heard = new CountDownLatch(1);
        Running.onEndOf(process, heard::countDown);
        assertThat(heard.await(100, TimeUnit.MILLISECONDS)).isFalse();

        // When
        ProcessHandle.of(process).orElseThrow().destroyForcibly();

        // Then
        assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldHearAtOnceOfAProcessThatHasEnded() throws Exception {
        // Given
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        CountDownLatch heard = new CountDownLatch(1);

        // When
        Running.onEndOf(ended.pid(), heard::countDown);

        // Then
        assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
