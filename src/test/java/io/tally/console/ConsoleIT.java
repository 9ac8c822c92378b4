package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Looking up, sending, and what strangers may not do to who looks. */
@Tag("browser")
class ConsoleIT {
    private static final String HOSTILE =
            "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>\"'&lt;";
    private static final int MAX_WEIGHT = 300_000;
    private static final double FIRST_PAINT_MILLIS = 1_000;

    @TempDir
    private static Path directory;

    private static ConsoleRig rig;
    private static Browser browser;
    /** What Chromium may note of answers in a test. */
    private String[] expectedFailures = {};

    @BeforeAll
    static void start() {
        rig = ConsoleRig.start(directory, Map.of());
        browser = rig.browser();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void beginAnew() {
        browser.size(1280, 900);
        browser.dark(false);
        browser.open("");
        browser.run("sessionStorage.clear()");
        assertThat(browser.problems()).isEmpty();
    }

    @AfterEach
    void shouldHaveBrokenNoPolicyAndLoggedNothing() {
        assertThat(browser.problemsBut(expectedFailures)).isEmpty();
        assertThat(browser.run("return window.hacked")).isNull();
    }

    @Test
    void shouldLookUpAUserThenAnAccountThenATransaction() throws Exception {
        // Given
        rig.post("/v1/user", "{\"id\":\"ada\",\"name\":\"Ada Lovelace\"}");
        rig.send("DEPOSIT", "ada", "1234.50", ",\"timestamp\":\"2026-01-31T10:00:00Z\"");
        rig.send("DEPOSIT", "ada", "100", ",\"currency\":\"JPY\"");
        rig.send("WITHDRAW", "ada", "34.50", "");
        rig.send("WITHDRAW", "ada", "5000", "");

        // When
        browser.type("User or uid", "ada" + Keys.ENTER);

        // Then
        browser.awaitText("Ada Lovelace");
        browser.awaitText(".cards", "1,200.00 USD");
        browser.awaitText(".cards", "100 JPY");
        browser.awaitText(".chart", "Balance over time");
        browser.follow("1,200.00 USD");
        browser.awaitText("table", "Rejected: insufficient funds");
        browser.awaitText("table", "−34.50 USD");
        browser.run("document.querySelector('[name=date]').value = '2026-02-01'");
        browser.press("Show");
        browser.awaitText(".result", "1,234.50 USD");
        browser.awaitText(".result", "2026-02-01");
        assertThat(browser.run(
                        "return Array.from(document.querySelectorAll('.curl code'), c => c.textContent).join('\\n')"))
                .asString()
                .contains(
                        "curl -sS '" + rig.service() + "/v1/user/ada'",
                        "/v1/user/ada/balance?currency=USD&date=2026-02-01'",
                        "/v1/user/ada/transactions?currency=USD&order=desc&limit=25'");

        browser.await("table .uid").click();
        browser.awaitText("h1", "Transaction");
        browser.awaitText(".outcome", "Sequence");
        assertThat(browser.address()).contains("#/transaction/", "user_id=ada");
    }

    @Test
    void shouldTurnThePagesOfAStatementAndKeepItsFilters() throws Exception {
        // Given
        for (int i = 1; i <= 12; i++) {
            rig.send("DEPOSIT", "pages", Integer.toString(i), "");
        }
        rig.send("WITHDRAW", "pages", "1000", "");

        // When
        browser.open("#/user/pages");
        browser.awaitText("table", "Rejected");
        choose("status", "accepted");
        choose("limit", "10");

        // Then
        browser.awaitText(".pager", "Page 1, 10 rows");
        assertThat(browser.text("table")).contains("+12.00", "+3.00").doesNotContain("Rejected", "+2.00");
        browser.press("Next");
        browser.awaitText(".pager", "Page 2, 2 rows");
        assertThat(browser.text("table")).contains("+2.00", "+1.00").doesNotContain("Rejected", "+3.00");
        browser.press("Previous");
        browser.awaitText(".pager", "Page 1, 10 rows");
        choose("order", "asc");
        browser.awaitText("tbody tr", "+1.00");
        choose("status", "rejected");
        browser.awaitText(".pager", "Page 1, 1 row");
    }

    private static void choose(String name, String value) {
        browser.run(
                "const select = document.querySelector(`[name=${arguments[0]}]`); select.value = arguments[1];"
                        + " select.dispatchEvent(new Event('change', {bubbles: true}))",
                name,
                value);
    }

    @Test
    void shouldSendACommandAndSayThatItIsReplayed() {
        expectedFailures = new String[] {"402"};
        // When
        browser.follow("Send");
        browser.type("User", "sender");
        browser.type("Amount", "10.50");
        String uid = browser.labelled("Uid").getAttribute("value");
        browser.press("Deposit 10.50 to sender");

        // Then
        browser.awaitText("Decided and committed");
        browser.awaitText(".outcome", "Accepted");
        browser.press("Send the same again");
        browser.awaitText("Replayed");
        assertThat(browser.text(".outcome")).contains(uid, "10.50");
        assertThat(browser.labelled("Uid").getAttribute("value")).isEqualTo(uid);

        // A changed command is another one.
        browser.type("Amount", "20");
        assertThat(browser.labelled("Uid").getAttribute("value")).isNotEqualTo(uid);
        choose("type", "WITHDRAW");
        browser.run("document.querySelector('form.command').dispatchEvent(new Event('input', {bubbles: true}))");
        browser.press("Withdraw 20 from sender");
        browser.awaitText("Rejected: insufficient funds");
        browser.press("Send the same again");
        browser.awaitText("Replayed");
        browser.follow("Look at the user");
        browser.awaitText(".cards", "10.50 USD");
    }

    /** A refusal is of one attempt: it says nothing of the one before. */
    @Test
    void shouldNotSayThatNothingWasDoneAfterAnAttemptThatMayHaveBeen() {
        // Given
        browser.open("#/send");
        answerPostsWith(
                "await real(target, request); throw new TypeError('away')",
                unavailable(),
                REAL,
                unavailable(),
                unavailable(),
                REAL);
        browser.type("User", "doubtful");
        browser.type("Amount", "10");

        // When
        browser.press("Deposit 10 to doubtful");
        browser.awaitText("Not known whether it was done");
        browser.press("Send the same again");

        // Then
        browser.awaitText("HTTP 503");
        assertThat(browser.text())
                .contains("Not known whether it was done", "of the last attempt only")
                .doesNotContain("Not done");
        browser.press("Send the same again");
        browser.awaitText("Replayed");
        browser.awaitText(".outcome", "10.00 USD");

        browser.press("Send the same again");
        browser.awaitText("Decided before");
        assertThat(browser.text()).doesNotContain("Not done", "Not known");

        // Of a command that was never in doubt, the refusal says all.
        browser.type("Amount", "20");
        browser.press("Deposit 20 to doubtful");
        browser.awaitText("Not done");
        browser.press("Send the same again");
        browser.awaitText("Decided and committed");
        assertThat(browser.run("return sessionStorage.getItem('tally-doubts')")).isEqualTo("[]");
    }

    /** Whoever follows the links that the console offers must not end up with another uid for the same command. */
    @Test
    void shouldStillOfferACommandInDoubtAfterItsViewWasLeft() {
        expectedFailures = new String[] {"404"};
        // Given
        browser.open("#/send");
        answerPostsWith("return new Response('{}', {status: 202})");
        browser.type("User", "returning");
        browser.type("Amount", "10");
        String uid = browser.labelled("Uid").getAttribute("value");
        browser.press("Deposit 10 to returning");
        browser.awaitText("Not decided yet");

        // When
        browser.follow("its outcome");
        browser.awaitText(".problem", "unknown_uid");
        assertThat(browser.text()).contains("may be in the log still", "Try again");
        browser.run("history.back()");

        // Then
        browser.awaitText(".doubts", uid);
        assertThat(browser.labelled("Uid").getAttribute("value")).isNotEqualTo(uid);
        browser.open("#/send");
        browser.awaitText(".doubts", "Deposit 10 to returning");
        browser.press("Send the same again");
        browser.awaitText(".outcome", uid);
        browser.awaitText("Decided and committed");
        assertThat(browser.text()).doesNotContain("may have been done");
        browser.follow("Look at the user");
        browser.awaitText(".cards", "10.00 USD");
    }

    @Test
    void shouldOfferACommandAgainWhoseAnswerNobodyWaitedFor() throws Exception {
        // Given
        browser.open("#/send");
        answerPostsWith("await real(target, request); return new Promise(() => {})");
        browser.type("User", "impatient");
        browser.type("Amount", "10");
        String uid = browser.labelled("Uid").getAttribute("value");
        browser.press("Deposit 10 to impatient");

        // When
        browser.go("#/");
        browser.go("#/send");

        // Then
        browser.awaitText(".doubts", uid);
        rig.post("/v1/transaction", LedgerRig.command(UUID.fromString(uid), "DEPOSIT", "impatient", "10"));
        browser.follow("its outcome");
        browser.awaitText(".outcome", "10.00 USD");
        browser.go("#/send");
        browser.awaitText("h1", "Send a command");
        assertThat(browser.text()).as("its outcome was seen").doesNotContain(uid);
    }

    private static final String REAL = "return real(target, request)";

    private static String unavailable() {
        return "return new Response(JSON.stringify({title: 'Not now', code: 'unavailable', detail: 'Nothing was written'}),"
                + " {status: 503})";
    }

    /** Answers the first posts of the page with these statements, in this order; all later ones are sent. */
    private static void answerPostsWith(String... statements) {
        browser.run("const real = window.fetch; let posts = 0; const answers = ["
                + Stream.of(statements)
                        .map(one -> "async (target, request) => { " + one + " }")
                        .collect(Collectors.joining(", "))
                + "]; window.fetch = (target, request) => request?.method === 'POST' && posts < answers.length"
                + " ? answers[posts++](target, request) : real(target, request)");
    }

    /** Answers look-ups whose address has this in it with what statements make of the true answer, {@code body}. */
    private static void changeAnswers(String part, String statements) {
        browser.run(
                "const real = window.fetch; const part = arguments[0]; window.fetch = async (target, request) => {"
                        + " const answer = await real(target, request); if (!target.includes(part)) { return answer; }"
                        + " const body = await answer.json(); " + statements
                        + "; return new Response(JSON.stringify(body)); }",
                part);
    }

    @Test
    void shouldAskAgainWhenTheSameIsLookedUpAgain() throws Exception {
        // Given
        rig.send("DEPOSIT", "again", "1", "");
        browser.type("User or uid", "again" + Keys.ENTER);
        browser.awaitText(".cards", "1.00 USD");
        rig.send("DEPOSIT", "again", "2", "");

        // When
        browser.press("Look up");

        // Then
        browser.awaitText(".cards", "3.00 USD");
    }

    /** A page ends after so many entries that were looked at, with or without any that match. */
    @Test
    void shouldNotTakeAnEmptyPageForTheLast() throws Exception {
        // Given
        rig.send("DEPOSIT", "stretch", "1", "");
        rig.send("WITHDRAW", "stretch", "1000", "");
        for (int call = 0; call < 5; call++) {
            rig.post(
                    "/v1/transactions",
                    IntStream.range(0, 1_000)
                            .mapToObj(i -> LedgerRig.command(UUID.randomUUID(), "DEPOSIT", "stretch", "1"))
                            .collect(Collectors.joining(",", "[", "]")));
        }
        browser.open("#/user/stretch");
        browser.awaitText(".cards", "5,001.00 USD");
        browser.awaitText(".pager", "Page 1, 25 rows");

        // When
        choose("status", "rejected");

        // Then
        browser.awaitText(".pager", "Page 1, 0 rows");
        assertThat(browser.text()).contains("Nothing in this stretch").doesNotContain("Nothing matches");
        browser.press("Next");
        browser.awaitText("table", "Rejected: insufficient funds");
    }

    @Test
    void shouldReadOnBehindEmptyPagesForTheBalanceOverTime() throws Exception {
        // Given
        rig.send("DEPOSIT", "sparse", "70", "");

        // When
        emptyPages("sparse", "6");
        browser.go("#/user/sparse");

        // Then
        browser.awaitText(".chart", "70.00 USD");

        // When it never comes to an end.
        browser.open("");
        emptyPages("sparse", "Infinity");
        browser.go("#/user/sparse");

        // Then
        browser.awaitText(".chart", "Nothing among the newest entries");
        assertThat(browser.text()).doesNotContain("Nothing has changed the balance yet");
        assertThat(((Number) browser.run("return window.pages")).intValue()).isLessThanOrEqualTo(20);
    }

    /** Answers the first so many pages of the history without entries, and counts them all as {@code window.pages}. */
    private static void emptyPages(String user, String count) {
        changeAnswers(
                "limit=500",
                "window.pages = (window.pages ?? 0) + 1; if (window.pages <= %s) { body.items = []; body.next_cursor = 'more'; }"
                        .formatted(count));
        browser.run(
                "const real = window.fetch; const first = arguments[0]; window.fetch = (target, request) =>"
                        + " real(target.includes('cursor=more') ? first : target, request)",
                "/v1/user/" + user + "/transactions?currency=USD&status=accepted&limit=500");
    }

    @Test
    void shouldNotSayThatThereAreNoDeadLettersBeforeAllWereRead() {
        // When
        changeAnswers("/v1/dead-letters", "body.items = []; body.next_cursor = '1-1'");
        browser.go("#/cluster");

        // Then
        browser.awaitText("Nothing in this stretch");
        assertThat(browser.text()).doesNotContain("everything that came could be decided");
    }

    @Test
    void shouldNotSayThatNoDeliveryWaitsBeforeAllWereRead() throws Exception {
        // Given
        rig.post("/v1/webhook-endpoints", "{\"url\":\"http://127.0.0.1:1/waiting\",\"users\":[\"nobody\"]}");
        changeAnswers("/deliveries", "body.items = []; body.next_cursor = 'more'");
        browser.go("#/cluster");

        // When
        browser.press("Waiting");

        // Then
        browser.awaitText("There may be more");
    }

    @Test
    void shouldNotCountAPartitionAsDecidedWhoseLagIsNotKnown() {
        // When
        changeAnswers("/v1/cluster", "body.partitions[1].lag = null");
        browser.go("#/cluster");

        // Then
        browser.awaitText("RUNNING, ready");
        assertThat(browser.run("return Array.from(document.querySelectorAll('dl.facts > div'),"
                        + " fact => fact.innerText).find(text => text.includes('Not decided yet'))"))
                .asString()
                .contains("not known");
    }

    @Test
    void shouldFindAUserWhoseIdLooksLikeAUid() throws Exception {
        expectedFailures = new String[] {"404"};
        // Given
        String id = "0F8FAD5B-d9cb-469f-a165-70867728950e";
        rig.send("DEPOSIT", id, "12", "");

        // When
        browser.type("User or uid", id + Keys.ENTER);
        browser.awaitText(".problem", "unknown_uid");
        browser.follow("the user of this id");

        // Then
        browser.awaitText(".cards", "12.00 USD");
    }

    @Test
    void shouldNumberAPageAsItWasAskedForHoweverOftenNextIsPressed() throws Exception {
        // Given
        for (int i = 1; i <= 12; i++) {
            rig.send("DEPOSIT", "hasty", Integer.toString(i), "");
        }
        browser.open("#/user/hasty");
        choose("limit", "10");
        browser.awaitText(".pager", "Page 1, 10 rows");

        // When
        browser.run(
                "const next = Array.from(document.querySelectorAll('.pager button')).pop(); next.click(); next.click()");

        // Then
        browser.awaitText(".pager", "2 rows");
        assertThat(browser.text(".pager")).contains("Page 2, 2 rows");
    }

    @Test
    void shouldSayWhatIsWrongAndWhatToDo() throws Exception {
        expectedFailures = new String[] {"400", "404", "409"};
        UUID uid = UUID.randomUUID();
        for (String user : List.of("first", "second")) {
            rig.post("/v1/transaction", LedgerRig.command(uid, "DEPOSIT", user, "1"));
        }

        browser.open("#/send");
        browser.type("User", "sender");
        browser.type("Amount", "1.5.5");
        browser.press("Deposit");
        browser.awaitText(".problem", "/amount");
        browser.open("#/user/nobody");
        browser.awaitText(".problem", "There is no such user");
        browser.open("#/transaction/" + uid);
        browser.awaitText(".problem", "Several users have used the uid");
        browser.type("Of the user", "second" + Keys.ENTER);
        browser.awaitText(".outcome", "second");
        browser.open("#/nowhere");
        browser.awaitText("There is no such view");
        browser.open("#/__proto__");
        browser.awaitText("There is no such view");
    }

    @Test
    void shouldShowWhatStrangersHaveWrittenAsText() throws Exception {
        expectedFailures = new String[] {"400"};
        // Given
        rig.post("/v1/user", "{\"id\":\"mallory\",\"name\":\"%s\u202etxt\"}".formatted(HOSTILE.replace("\"", "\\\"")));
        rig.send("DEPOSIT", "mallory", "1", "");
        byte[] value = (HOSTILE + "\u001b[31m\u0007\u202e").getBytes(StandardCharsets.UTF_8);
        rig.broker()
                .sendAndWait(new ProducerRecord<>("transactions-in", HOSTILE.getBytes(StandardCharsets.UTF_8), value));
        rig.post(
                "/v1/webhook-endpoints",
                "{\"url\":\"http://127.0.0.1:1/?javascript:alert(1)\",\"description\":\"%s\",\"users\":[\"nobody\"]}"
                        .formatted(HOSTILE.replace("\"", "\\\"")));

        // When
        browser.open("#/user/mallory");

        // Then
        browser.awaitText(".facts-line", HOSTILE + "\\u{202e}txt");
        browser.open("#/user/" + encoded(HOSTILE));
        browser.awaitText("h1", "<script>window.hacked=1</script>");
        browser.awaitText(".problem", "not valid");
        browser.open("");
        browser.type("User or uid", HOSTILE + Keys.ENTER);
        browser.awaitText(".problem", "not valid");
        browser.open("#/live?user=" + encoded(HOSTILE));
        browser.awaitText(".problem", "not valid");
        browser.open("#/cluster");
        browser.awaitText("malformed_json");
        browser.run("for (const details of document.querySelectorAll('details')) details.open = true");
        browser.awaitText(HOSTILE + "\\u{1b}[31m\\u{7}\\u{202e}");
        browser.awaitText("3c 73 63 72 69 70 74 3e");
        browser.awaitText("http://127.0.0.1:1/?javascript:alert(1)");
        assertThat(
                        browser.run(
                                "return document.querySelectorAll('main :is(script, img, iframe, [href^=\"javascript\" i])').length"))
                .isEqualTo(0L);
        // Some time for what would be run later.
        assertThat(browser.runAsync("setTimeout(() => arguments[0](window.hacked ?? 'not hacked'), 300)"))
                .isEqualTo("not hacked");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void shouldShowTheClusterToWhoOperatesIt() {
        // When
        browser.follow("Cluster");

        // Then
        browser.awaitText("RUNNING, ready");
        browser.awaitText("gave this answer");
        browser.awaitText("0, 1, 2, 3");
        browser.awaitText("Dead letters");
        browser.awaitText("Webhook endpoints");
    }

    @Test
    void shouldBeUsableWithTheKeyboard() {
        // When
        assertThat(browser.focused().getAttribute("name")).as("the first field").isEqualTo("what");
        browser.keys("keyboard", Keys.ENTER);

        // Then
        browser.awaitText("h1", "keyboard");
        expectedFailures = new String[] {"404"};
        assertThat(browser.focused().getTagName()).isEqualTo("h1");
        browser.open("#/user/keyboard");
        browser.keys(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Skip to the content");
        browser.keys(Keys.ENTER);
        assertThat(browser.focused().getTagName()).isEqualTo("main");
    }

    @Test
    void shouldBeDarkWhereThatIsLikedAndWhereItIsChosen() {
        String background = "return getComputedStyle(document.body).backgroundColor";
        Object light = browser.run(background);

        browser.dark(true);
        Object dark = browser.run(background);
        assertThat(dark).isNotEqualTo(light);

        browser.press("Theme: auto");
        assertThat(browser.run(background)).as("light is chosen").isEqualTo(light);
        browser.dark(false);
        browser.press("Theme: light");
        browser.open("");
        assertThat(browser.run(background)).as("dark is chosen, also later").isEqualTo(dark);
        browser.press("Theme: dark");
        assertThat(browser.run(background)).isEqualTo(light);
    }

    @Test
    void shouldBeThereAtOnceAndLight() {
        // When
        browser.open("");
        double paint = ((Number) browser.runAsync("const tell = arguments[0];"
                        + " new PerformanceObserver(list => tell(list.getEntriesByName('first-contentful-paint')[0].startTime))"
                        + ".observe({type: 'paint', buffered: true})"))
                .doubleValue();
        long weight = ((Number) browser.run("return performance.getEntries()"
                        + ".filter(entry => ['navigation', 'resource'].includes(entry.entryType))"
                        + ".reduce((sum, entry) => sum + entry.decodedBodySize, 0)"))
                .longValue();
        long sent = ((Number) browser.run("return performance.getEntries()"
                        + ".filter(entry => ['navigation', 'resource'].includes(entry.entryType))"
                        + ".reduce((sum, entry) => sum + entry.transferSize, 0)"))
                .longValue();

        // Then
        System.out.printf("first paint after %.0f ms, %d bytes, %d of them sent%n", paint, weight, sent);
        assertThat(paint).isLessThan(FIRST_PAINT_MILLIS);
        assertThat(weight).isBetween(10_000L, (long) MAX_WEIGHT);
    }

    /** The other tests would see nothing, and pass, if their collector were blind. */
    @Test
    void shouldForbidWhatAnAttackerWouldPlant() {
        Object thrown = browser.run(
                "try { document.querySelector('main').innerHTML = '<img src=x onerror=\"window.hacked=1\">';"
                        + " return 'planted' } catch (error) { return String(error) }");
        browser.run("const script = document.createElement('b'); script.setAttribute('style', 'color: red');"
                + " document.querySelector('main').append(script)");

        assertThat(thrown).asString().contains("TrustedHTML");
        assertThat(browser.problems()).anyMatch(problem -> problem.startsWith("policy: "));
    }
}
