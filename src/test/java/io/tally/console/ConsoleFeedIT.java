package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live feed: nothing is lost over a restart of the service, and much at once does not freeze the page. */
@Tag("browser")
class ConsoleFeedIT {
    private static final int A_SECOND = 1_000;
    private static final int SECONDS = Integer.getInteger("tally.console.seconds", 10);
    private static final int LONGEST_PAUSE_MILLIS = 500;

    @TempDir
    private static Path directory;

    private static ConsoleRig rig;
    private static Browser browser;

    @BeforeAll
    static void start() {
        rig = ConsoleRig.start(directory, Map.of());
        browser = rig.browser();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static long accepted() {
        return Long.parseLong(browser.text(".figures p:nth-child(2) .value").replace(",", ""));
    }

    private static void awaitAccepted(long count) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .untilAsserted(() -> assertThat(accepted()).isEqualTo(count));
    }

    private static void deposit(int count) {
        for (int i = 0; i < count; i++) {
            rig.broker().deposit("feed-" + i % 50, "1.25");
        }
        rig.broker().flush();
    }

    @Test
    void shouldLoseAndRepeatNothingOverARestartOfTheService() {
        // Given
        browser.open("#/live");
        browser.awaitText(".state", "Connected");
        deposit(20);
        awaitAccepted(20);
        assertThat(browser.text(".figures + .hint")).isNotEmpty();

        // When
        deposit(15);
        rig.kill();
        browser.awaitText(".state", "Connection lost");
        deposit(30);
        rig.up();

        // Then
        browser.awaitText(".state", "Connected");
        awaitAccepted(65);
        deposit(5);
        awaitAccepted(70);
        assertThat(browser.problemsBut("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING"))
                .isEmpty();
    }

    @Test
    void shouldCountWhileItIsPaused() {
        // Given
        browser.open("#/live");
        browser.awaitText(".state", "Connected");
        browser.press("Pause");

        // When
        deposit(7);

        // Then
        browser.awaitText("Paused. 7 more have come and are counted.");
        assertThat(browser.run("return document.querySelectorAll('tbody tr').length"))
                .isEqualTo(0L);
        browser.press("Go on");
        browser.awaitText("tbody", "+1.25");
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void shouldOnlyTellOfTheUserThatIsAskedFor() {
        // Given
        browser.open("#/live");
        browser.type("Only of the user", "feed-3");
        browser.press("Watch");
        browser.awaitText("h1", "feed-3");
        browser.awaitText(".state", "Connected");

        // When
        deposit(100);

        // Then
        awaitAccepted(2);
        assertThat(browser.problems()).isEmpty();
    }

    @Test
    void shouldStaySteadyAtAThousandOutcomesASecond() {
        // Given
        browser.open("#/live");
        browser.awaitText(".state", "Connected");
        // How long the page did nothing at all, at worst, and how often its list was drawn.
        browser.run(
                "window.longest = 0; window.drawings = 0; let last = performance.now(); setInterval(() => {"
                        + " const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; }, 10);"
                        + " new MutationObserver(() => window.drawings++).observe(document.querySelector('tbody'), {childList: true})");

        // When
        long startedAt = System.nanoTime();
        int sent = 0;
        while (sent < A_SECOND * SECONDS) {
            rig.broker().deposit("feed-" + sent % 50, "1.25");
            sent++;
            long due = startedAt + TimeUnit.SECONDS.toNanos(1) * sent / A_SECOND;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            if (sent == A_SECOND * SECONDS / 2) {
                browser.awaitText("A sample: at this rate");
            }
        }
        rig.broker().flush();

        // Then
        awaitAccepted(sent);
        double longest = ((Number) browser.run("return window.longest")).doubleValue();
        long drawings = ((Number) browser.run("return window.drawings")).longValue();
        System.out.printf(
                "%d outcomes in %d s: longest pause of the page %.0f ms, %d drawings%n",
                sent, SECONDS, longest, drawings);
        assertThat(longest).isLessThan(LONGEST_PAUSE_MILLIS);
        assertThat(drawings).isLessThan(10L * 2 * SECONDS);
        browser.awaitText("figure", "accepted and 0.0 rejected per second");
        assertThat(browser.problems()).isEmpty();
    }
}
