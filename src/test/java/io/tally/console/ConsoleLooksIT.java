package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.WebhookReceiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every view on a desk and on a phone. The system property {@code tally.console.pictures} names a folder that takes pictures
 * of them; those in the documents are made so.
 */
@Tag("browser")
class ConsoleLooksIT {
    private static final Path PICTURES = System.getProperty("tally.console.pictures") == null
            ? null
            : Path.of(System.getProperty("tally.console.pictures"));

    @TempDir
    private static Path directory;

    private static final ScheduledExecutorService TRAFFIC = Executors.newSingleThreadScheduledExecutor();
    private static ConsoleRig rig;
    private static Browser browser;
    private static WebhookReceiver receiver;
    private static String uid;

    @BeforeAll
    static void start() throws Exception {
        rig = ConsoleRig.start(directory, Map.of());
        browser = rig.browser();
        receiver = WebhookReceiver.start(request -> 204);
        fill();
        int[] sent = {0};
        var unused = TRAFFIC.scheduleAtFixedRate(
                () -> {
                    String user = "demo-" + "abcdefgh".charAt(sent[0] % 8);
                    if (sent[0] % 9 == 4) {
                        rig.broker().withdraw(user, "9000");
                    } else {
                        rig.broker().deposit(user, (5 + sent[0] % 37) + ".50");
                    }
                    sent[0]++;
                },
                0,
                120,
                TimeUnit.MILLISECONDS);
    }

    /** A year of a user, what cannot be decided, and somebody who is told. */
    private static void fill() throws IOException, InterruptedException {
        rig.post("/v1/user", "{\"id\":\"ada\",\"name\":\"Ada Lovelace\"}");
        for (int month = 1; month <= 11; month++) {
            String at = ",\"timestamp\":\"2026-%02d-%02dT09:30:00Z\"";
            rig.send("DEPOSIT", "ada", "2400.00", at.formatted(month, 1));
            rig.send("WITHDRAW", "ada", (850 + 90 * (month * 7 % 5)) + ".00", at.formatted(month, 3));
            rig.send("WITHDRAW", "ada", (300 + 110 * (month * 3 % 7)) + ".75", at.formatted(month, 17));
        }
        rig.send("DEPOSIT", "ada", "640.20", ",\"currency\":\"EUR\"");
        uid = rig.send("WITHDRAW", "ada", "250000", "").replaceFirst(".*\"uid\":\"([^\"]+)\".*", "$1");
        rig.send("DEPOSIT", "ada", "75.25", "");
        for (String value : List.of(
                "{\"uid\":\"17\",\"type\":\"DEPOSIT\",\"amount\":\"1\"}",
                "{\"type\":",
                "\u001b[2J<b>not a command</b>")) {
            rig.broker()
                    .sendAndWait(new ProducerRecord<>(
                            "transactions-in",
                            "ada".getBytes(StandardCharsets.UTF_8),
                            value.getBytes(StandardCharsets.UTF_8)));
        }
        rig.post("/v1/webhook-endpoints", "{\"url\":\"%s\",\"description\":\"Shop\"}".formatted(receiver.url()));
        rig.post(
                "/v1/webhook-endpoints",
                "{\"url\":\"http://127.0.0.1:1/hook\",\"description\":\"Risk\",\"users\":[\"nobody\"]}");
    }

    @AfterAll
    static void stop() {
        TRAFFIC.shutdownNow();
        receiver.close();
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, false", "1280, true", "390, true"})
    void shouldFitEveryView(int width, boolean dark) throws Exception {
        browser.size(width, width < 600 ? 844 : 900);
        browser.dark(dark);

        browser.open("");
        shoot("look-up", width, dark);

        browser.open("#/user/ada?currency=USD");
        browser.awaitText("table", "Rejected");
        browser.run("const rows = document.querySelector('[name=limit]'); rows.value = '10';"
                + " rows.dispatchEvent(new Event('change', {bubbles: true}))");
        browser.awaitText(".pager", "10 rows");
        browser.await(".chart .line");
        shoot("user", width, dark);

        browser.open("#/transaction/" + uid);
        browser.awaitText(".outcome", "Rejected");
        shoot("transaction", width, dark);

        browser.open("#/send?user=ada");
        browser.type("Amount", "10.50");
        browser.press("Deposit");
        browser.awaitText("Decided and committed");
        shoot("send", width, dark);

        browser.open("#/live");
        browser.awaitText(".state", "Connected");
        if (PICTURES != null) {
            // More points of the charts.
            browser.runAsync("setTimeout(arguments[0], 15000)");
        }
        browser.await(".chart .line");
        shoot("live", width, dark);

        browser.open("#/cluster");
        browser.awaitText("malformed_json");
        browser.awaitText("Shop");
        browser.await("td details:nth-of-type(2) summary").click();
        shoot("cluster", width, dark);
        assertThat(browser.problems()).isEmpty();
    }

    /** Nothing reaches beyond the page's side; the whole page is taken, as long as it is. */
    private static void shoot(String view, int width, boolean dark) throws IOException {
        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as("width of %s", view)
                .isEqualTo((long) width);
        // The dark ones differ by colours only: one of them shows how.
        if (PICTURES != null && (!dark || view.equals("user") && width > 600)) {
            long height = (Long) browser.run("return document.documentElement.scrollHeight");
            Map<String, Object> clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1);
            Object picture = browser.command(
                            "Page.captureScreenshot",
                            Map.of("format", "png", "captureBeyondViewport", true, "clip", clip))
                    .get("data");
            Picture.write(
                    Base64.getDecoder().decode(String.valueOf(picture)),
                    PICTURES.resolve(view + "-" + width + (dark ? "-dark" : "") + ".png"));
        }
    }
}
