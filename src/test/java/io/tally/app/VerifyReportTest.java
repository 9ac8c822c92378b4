package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.AuditReport;
import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.AuditedTopics;
import io.tally.audit.Position;
import io.tally.audit.RightLedger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit's text and JSON, to the letter: programs read both. */
class VerifyReportTest {
    private static final AuditedTopics TOPICS = new AuditedTopics("in", "out", "dlq", "tally");
    private static final Duration TAKEN = Duration.ofMillis(1_500);
    private static final String ALICE = "alice";
    /** Where alice's commands belong, and where they do not. */
    private static final int RIGHT = 1;

    private static final int WRONG = 2;

    /** Of a ledger that is right, with each kind of input, and with some that came while the audit was reading. */
    private AuditReport right;

    @BeforeEach
    void auditALedger() {
        RightLedger ledger = new RightLedger();
        send(ledger, RIGHT, command(1, "DEPOSIT", "1"));
        send(ledger, RIGHT, command(2, "DEPOSIT", "2.50"));
        send(ledger, RIGHT, command(3, "WITHDRAW", "9"));
        send(ledger, RIGHT, command(2, "DEPOSIT", "2.5"));
        send(ledger, RIGHT, command(2, "DEPOSIT", "4"));
        send(ledger, RIGHT, "garbage");
        send(ledger, RIGHT, open(4));
        send(ledger, RIGHT, open(5));
        send(ledger, WRONG, command(6, "DEPOSIT", "0.25"));
        Map<Integer, Long> before = ledger.process().committed();
        send(ledger, RIGHT, command(7, "DEPOSIT", "1"));
        send(ledger, RIGHT, "more garbage");
        right = ledger.process().auditAtWork(before);
        assertThat(right.violations()).isEmpty();
    }

    private static void send(RightLedger ledger, int partition, String value) {
        ledger.produce(new ProducerRecord<>("in", partition, bytes(ALICE), bytes(value)));
    }

    private static String command(int uid, String type, String amount) {
        return "{\"uid\":\"" + new UUID(0, uid) + "\",\"type\":\"" + type + "\",\"amount\":\"" + amount + "\"}";
    }

    private static String open(int uid) {
        return "{\"uid\":\"" + new UUID(0, uid) + "\",\"type\":\"OPEN\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same with two findings: of a record, and of a balance that was asked for. */
    private AuditReport wrong() {
        return right.with(List.of(
                new Finding(Kind.OUT_OF_ORDER, "out", new Position(RIGHT, 3), "\"this\"", "that"),
                new Finding(Kind.SERVED_BALANCE, "/v1/user/alice", null, "3.75", "3.76")));
    }

    private static ServedBalances served() {
        return new ServedBalances(URI.create("http://127.0.0.1:1"), null, 1, 1);
    }

    @Test
    void shouldTellAPersonWhatWasCompared() {
        // When
        String text = new VerifyReport(TOPICS, right, null, TAKEN).text();

        // Then: points and commas are the machine's.
        assertThat(text)
                .isEqualTo(lines(
                        "audited  in, out and dlq, up to what group tally has committed:",
                        "  partition 0                  0",
                        "  partition 1                  9",
                        "  partition 2                  1",
                        "  partition 3                  0",
                        "accepted                                     4",
                        "dead letters                                 2",
                        "dead letters beyond the cut                  1",
                        "dead letters malformed_json                  1",
                        "dead letters uid_conflict                    1",
                        "input                                       10",
                        "outcomes                                     6",
                        "outcomes beyond the cut                      1",
                        "rejected                                     2",
                        "rejected INSUFFICIENT_FUNDS                  1",
                        "rejected USER_EXISTS                         1",
                        "repeats                                      1",
                        "rerouted                                     1",
                        "users                                        1",
                        "balances USD                            %.4f".formatted(3.75),
                        "took %.1f s".formatted(1.5),
                        "AGREES"));
    }

    @Test
    void shouldTellAPersonWhatIsWrong() {
        // When
        String text = new VerifyReport(TOPICS, wrong(), served(), TAKEN).text();

        // Then
        assertThat(text)
                .endsWith(lines(
                        "balances over HTTP                           0",
                        "not compared, had moved on                   0",
                        "took %.1f s".formatted(1.5),
                        "OUT_OF_ORDER                                 1",
                        "SERVED_BALANCE                               1",
                        "  OUT_OF_ORDER at out 1:3: expected \"this\", but found that",
                        "  SERVED_BALANCE at /v1/user/alice: expected 3.75, but found 3.76",
                        "VIOLATED"));
    }

    @Test
    void shouldLeaveOutOfTheTextWhatDidNotOccur() {
        // When
        String text = new VerifyReport(TOPICS, new RightLedger().audit(), null, TAKEN).text();

        // Then
        assertThat(text)
                .isEqualTo(lines(
                        "audited  in, out and dlq, up to what group tally has committed:",
                        "  partition 0                  0",
                        "  partition 1                  0",
                        "  partition 2                  0",
                        "  partition 3                  0",
                        "users                                        0",
                        "took %.1f s".formatted(1.5),
                        "AGREES"));
    }

    @Test
    void shouldTellAProgramWhatWasCompared() {
        // When
        String json = new VerifyReport(TOPICS, right, null, TAKEN).json();

        // Then
        assertThat(json)
                .isEqualTo("{\"verdict\":\"AGREES\","
                        + "\"topics\":{\"input\":\"in\",\"output\":\"out\",\"dead_letters\":\"dlq\",\"group\":\"tally\"},"
                        + "\"cut\":{\"0\":0,\"1\":9,\"2\":1,\"3\":0},"
                        + "\"counts\":{\"input\":10,\"outcomes\":6,\"accepted\":4,\"repeats\":1,\"rerouted\":1,\"users\":1,"
                        + "\"rejected\":{\"INSUFFICIENT_FUNDS\":1,\"USER_EXISTS\":1},"
                        + "\"dead_letters\":{\"malformed_json\":1,\"uid_conflict\":1}},"
                        + "\"totals\":{\"USD\":\"3.75\"},\"violations\":{},\"findings\":[],\"seconds\":1.5}");
    }

    @Test
    void shouldTellAProgramWhatIsWrong() {
        // When
        String json = new VerifyReport(TOPICS, wrong(), served(), TAKEN).json();

        // Then
        assertThat(json)
                .startsWith("{\"verdict\":\"VIOLATED\",")
                .endsWith("\"totals\":{\"USD\":\"3.75\"},\"served\":{\"compared\":0,\"moved_on\":0},"
                        + "\"violations\":{\"OUT_OF_ORDER\":1,\"SERVED_BALANCE\":1},"
                        + "\"findings\":[{\"kind\":\"OUT_OF_ORDER\",\"topic\":\"out\",\"partition\":1,\"offset\":3,"
                        + "\"expected\":\"\\\"this\\\"\",\"found\":\"that\"},"
                        + "{\"kind\":\"SERVED_BALANCE\",\"topic\":\"/v1/user/alice\","
                        + "\"expected\":\"3.75\",\"found\":\"3.76\"}],\"seconds\":1.5}");
    }

    @Test
    void shouldTellAProgramOfZerosAsWell() {
        // When
        String json = new VerifyReport(TOPICS, new RightLedger().audit(), null, TAKEN).json();

        // Then
        assertThat(json)
                .contains("\"counts\":{\"input\":0,\"outcomes\":0,\"accepted\":0,\"repeats\":0,\"rerouted\":0,"
                        + "\"users\":0,\"rejected\":{},\"dead_letters\":{}},\"totals\":{},");
    }

    @Test
    void shouldTellInALineHowFarItHasCome() {
        assertThat(VerifyReport.line(right.counts(), true))
                .matches("[-0-9]+T[:0-9]+Z  input 10  outcomes 6  dead letters 2  agrees");
        assertThat(VerifyReport.line(new RightLedger().audit().counts(), false))
                .endsWith("Z  input 0  outcomes 0  dead letters 0  VIOLATED");
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }
}
