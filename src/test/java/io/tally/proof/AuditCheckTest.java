package io.tally.proof;

import static io.tally.proof.RightLedger.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.proof.AuditCheck.Cut;
import io.tally.proof.AuditReport.Kind;
import io.tally.proof.AuditReport.Violation;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each kind of violation, planted in what a right ledger wrote, and found. */
class AuditCheckTest {
    private static final String UID = "00000000-0000-0000-0000-00000000000";
    private static final String ALICE = "alice";

    @Test
    void shouldFindNothingInWhatARightLedgerWrote() {
        // Given
        CommandGenerator generator = new CommandGenerator(42, "in", Mix.rough(100, PARTITIONS));
        RightLedger ledger = new RightLedger();
        IntStream.range(0, 20_000).forEach(i -> ledger.produce(generator.next()));

        // When
        AuditReport report = ledger.process().audit();

        // Then
        assertThat(report.violations()).isEmpty();
        assertThat(report.count("input")).isEqualTo(20_000 + report.count("rerouted"));
        assertThat(report.counts().keySet())
                .contains("accepted", "rejected", "repeats", "dead letters", "rerouted", "outcomes");
        assertThat(report.count("input"))
                .isEqualTo(report.count("accepted")
                        + report.count("rejected")
                        + report.count("repeats")
                        + report.count("dead letters")
                        + report.count("rerouted"));
    }

    @Test
    void shouldFindAMissingOutcome() {
        // Given
        RightLedger ledger = three();
        OutputRecord lost = ledger.outcomes.remove(2);

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).containsExactly(Kind.MISSING_OUTCOME, Kind.SUM_OF_DELTAS);
        assertThat(first(report)).contains(UID + 3).contains("input " + lost.partition() + ":2");
    }

    @Test
    void shouldFindAGapWhereAnOutcomeIsMissingInBetween() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.remove(1);

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.MISSING_OUTCOME, Kind.SEQUENCE_GAP, Kind.SUM_OF_DELTAS);
    }

    @Test
    void shouldFindADoubledOutcome() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.add(ledger.outcomes.get(2));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.DOUBLED_OUTCOME).doesNotContain(Kind.MISSING_OUTCOME);
        assertThat(first(report)).contains(UID + 3);
    }

    @Test
    void shouldFindAnOutcomeOfARepeat() {
        // Given
        RightLedger ledger = three();
        ledger.produce(ALICE, deposit(3, "3"));
        ledger.process();
        ledger.outcomes.add(altered(ledger.outcomes.get(2), json -> json.replace("\"offset\":2", "\"offset\":3")));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.DOUBLED_OUTCOME, Kind.UNEXPECTED_OUTCOME);
    }

    @Test
    void shouldFindAnOutcomeOfNoInput() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.add(altered(ledger.outcomes.get(2), json -> json.replace("\"offset\":2", "\"offset\":99")));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.UNEXPECTED_OUTCOME);
    }

    @Test
    void shouldFindSwappedOutcomes() {
        // Given
        RightLedger ledger = three();
        Collections.swap(ledger.outcomes, 1, 2);

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.OUT_OF_ORDER, Kind.SEQUENCE_GAP).doesNotContain(Kind.CONTENT);
    }

    @Test
    void shouldFindAnOutcomeInAnotherPartition() {
        // Given
        RightLedger ledger = three();
        OutputRecord last = ledger.outcomes.remove(2);
        int other = (last.partition() + 1) % PARTITIONS;
        ledger.outcomes.add(new OutputRecord(other, 0, last.key(), last.value(), last.headers()));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).containsExactly(Kind.OUT_OF_ORDER);
    }

    @Test
    void shouldFindAnAlteredBalance() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.set(
                2, altered(ledger.outcomes.get(2), json -> json.replace("\"balance\":\"6.00\"", "\"balance\":\"6.01\"")));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).containsExactly(Kind.CONTENT, Kind.SUM_OF_DELTAS);
        assertThat(first(report)).contains("balance is 6.01 instead of 6.00");
    }

    @Test
    void shouldFindEachAlteredField() {
        RightLedger right = three();
        String json = new String(right.outcomes.get(0).value(), StandardCharsets.UTF_8);
        for (String value : List.of(
                "-000000000001",
                "alice",
                "DEPOSIT",
                "\"1.00\"",
                "USD",
                "ACCEPTED",
                "\"sequence\":1",
                "\"timestamp\":\"2023",
                "\"recorded_at\":\"2023")) {
            // Given
            String spoilt = json.replaceFirst(value, value.substring(0, value.length() - 1) + "7");
            RightLedger ledger = three();
            ledger.outcomes.set(0, altered(ledger.outcomes.get(0), text -> spoilt));

            // When
            AuditReport report = ledger.audit();

            // Then
            assertThat(spoilt).isNotEqualTo(json);
            assertThat(kinds(report)).as(spoilt).contains(Kind.CONTENT);
        }
    }

    @Test
    void shouldFindAnotherKeyAndOtherHeaders() {
        // Given
        RightLedger ledger = three();
        OutputRecord one = ledger.outcomes.get(0);
        Map<String, String> headers = new HashMap<>(one.headers());
        headers.put("ce_type", "tally.transaction.rejected.v1");
        byte[] key = "bob".getBytes(StandardCharsets.UTF_8);
        ledger.outcomes.set(0, new OutputRecord(one.partition(), 0, key, one.value(), headers));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).containsExactly(Kind.CONTENT, Kind.HEADERS);
    }

    @Test
    void shouldFindBytesThatAreNoOutcome() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.set(1, altered(ledger.outcomes.get(1), json -> "{" + json));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.CONTENT, Kind.MISSING_OUTCOME);
    }

    @Test
    void shouldFindANegativeBalance() {
        // Given
        RightLedger ledger = new RightLedger();
        ledger.produce(ALICE, command("WITHDRAW", 1, "5"));
        ledger.process();
        ledger.outcomes.set(
                0,
                altered(ledger.outcomes.get(0), json -> json.replace("\"0.00\"", "\"-5.00\"").replace("REJ", "ACC")));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.NEGATIVE_BALANCE, Kind.CONTENT);
    }

    @Test
    void shouldFindALostADoubledAndAStrayDeadLetter() {
        // Given
        RightLedger lost = conflict();
        RightLedger doubled = conflict();
        RightLedger stray = three();
        lost.deadLetters.clear();
        doubled.deadLetters.addAll(conflict().deadLetters);
        stray.deadLetters.addAll(conflict().deadLetters);

        // Then
        assertThat(kinds(lost.audit())).containsExactly(Kind.MISSING_DEAD_LETTER);
        assertThat(kinds(doubled.audit())).containsExactly(Kind.DOUBLED_DEAD_LETTER);
        assertThat(kinds(stray.audit())).containsExactly(Kind.UNEXPECTED_DEAD_LETTER);
    }

    @Test
    void shouldFindADeadLetterWithAnotherCodeOrDetailOrValue() {
        for (Map<String, String> change : List.of(
                Map.of("tally.error.code", "invalid_amount"), Map.of("tally.error.detail", "something is wrong"))) {
            // Given
            RightLedger ledger = conflict();
            OutputRecord letter = ledger.deadLetters.remove(0);
            Map<String, String> headers = new HashMap<>(letter.headers());
            headers.putAll(change);
            ledger.deadLetters.add(new OutputRecord(0, 0, letter.key(), letter.value(), headers));

            // Then
            assertThat(kinds(ledger.audit())).containsExactly(Kind.DEAD_LETTER_CONTENT);
        }
        RightLedger ledger = conflict();
        ledger.deadLetters.set(0, altered(ledger.deadLetters.get(0), json -> json + " "));
        assertThat(kinds(ledger.audit())).containsExactly(Kind.DEAD_LETTER_CONTENT);
    }

    @Test
    void shouldTakeACutDeadLetterWhenItSaysSo() {
        // Given
        RightLedger ledger = new RightLedger();
        ledger.produce(ALICE, "x".repeat(70_000));
        ledger.process();
        OutputRecord whole = altered(ledger.deadLetters.get(0), json -> json.substring(0, 1_000));
        Map<String, String> headers = new HashMap<>(whole.headers());
        headers.put("tally.truncated", "true");

        // When
        ledger.deadLetters.set(0, whole);
        AuditReport silent = ledger.audit();
        ledger.deadLetters.set(0, new OutputRecord(0, 0, whole.key(), whole.value(), headers));
        AuditReport marked = ledger.audit();

        // Then
        assertThat(kinds(silent)).containsExactly(Kind.DEAD_LETTER_CONTENT);
        assertThat(marked.violations()).isEmpty();
    }

    @Test
    void shouldFindALostADoubledAndAnAlteredCopy() {
        // Given
        int right = ReferenceModel.partition(ALICE, PARTITIONS);
        int wrong = (right + 1) % PARTITIONS;
        byte[] key = ALICE.getBytes(StandardCharsets.UTF_8);
        byte[] value = deposit(1, "1").getBytes(StandardCharsets.UTF_8);
        RightLedger ledger = new RightLedger();
        ledger.append(wrong, key, value, null);
        ledger.process();
        InputRecord original = ledger.input().stream().filter(r -> r.hop() == null).findFirst().orElseThrow();
        InputRecord copy = ledger.input().stream().filter(r -> r.hop() != null).findFirst().orElseThrow();
        InputRecord second = new InputRecord(right, 1, copy.timestamp(), copy.key(), value, copy.hop());
        byte[] altered = deposit(1, "2").getBytes(StandardCharsets.UTF_8);
        InputRecord other = new InputRecord(right, 0, copy.timestamp(), copy.key(), altered, copy.hop());
        Cut cut = Cut.at(ledger.committed());

        // Then
        assertThat(ledger.audit().violations()).isEmpty();
        assertThat(kinds(ledger.audit(cut, List.of(original)))).contains(Kind.MISSING_COPY);
        assertThat(kinds(ledger.audit(cut, List.of(original, copy, second)))).containsExactly(Kind.DOUBLED_COPY);
        assertThat(kinds(ledger.audit(cut, List.of(original, other)))).contains(Kind.COPY_CONTENT, Kind.CONTENT);
    }

    @Test
    void shouldAskForNothingBeyondTheCut() {
        // Given
        RightLedger ledger = three();
        Map<Integer, Long> committed = ledger.committed();
        ledger.produce(ALICE, deposit(4, "4"));

        // When
        AuditReport report = ledger.audit(Cut.at(committed), ledger.input());

        // Then
        assertThat(report.violations()).isEmpty();
        assertThat(report.count("input beyond the cut")).isEqualTo(1);
    }

    @Test
    void shouldBearWhatWasDecidedWhileItWasReading() {
        // Given
        RightLedger ledger = three();
        Map<Integer, Long> before = ledger.committed();
        ledger.produce(ALICE, deposit(4, "4"));
        ledger.produce(ALICE, "garbage");
        Map<Integer, Long> after = ledger.process().committed();

        // When
        AuditReport atWork = ledger.audit(new Cut(before, after), ledger.input());
        AuditReport uncommitted = ledger.audit(Cut.at(before), ledger.input());

        // Then
        assertThat(atWork.violations()).isEmpty();
        assertThat(kinds(uncommitted)).contains(Kind.UNEXPECTED_OUTCOME, Kind.UNEXPECTED_DEAD_LETTER);
    }

    @Test
    void shouldCountViolationsAndKeepTheFirst() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.clear();

        // When
        AuditReport report = ledger.audit();

        // Then
        Violation missing = report.violations().get(0);
        assertThat(missing.kind()).isEqualTo(Kind.MISSING_OUTCOME);
        assertThat(missing.count()).isEqualTo(3);
        assertThat(report.clean()).isFalse();
        assertThat(report.toString()).startsWith("VIOLATED").contains("MISSING_OUTCOME x3");
    }

    private static RightLedger three() {
        RightLedger ledger = new RightLedger();
        for (int i = 1; i <= 3; i++) {
            ledger.produce(ALICE, deposit(i, String.valueOf(i)));
        }
        return ledger.process();
    }

    private static RightLedger conflict() {
        RightLedger ledger = three();
        ledger.produce(ALICE, deposit(3, "4"));
        return ledger.process();
    }

    private static String deposit(int uid, String amount) {
        return command("DEPOSIT", uid, amount);
    }

    private static String command(String type, int uid, String amount) {
        return Json.text(Map.of("uid", UID + uid, "type", type, "amount", amount));
    }

    private static OutputRecord altered(OutputRecord record, UnaryOperator<String> change) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        byte[] value = change.apply(text).getBytes(StandardCharsets.UTF_8);
        return new OutputRecord(record.partition(), record.offset(), record.key(), value, record.headers());
    }

    private static List<Kind> kinds(AuditReport report) {
        List<Kind> kinds = new ArrayList<>();
        report.violations().forEach(violation -> kinds.add(violation.kind()));
        return kinds;
    }

    private static String first(AuditReport report) {
        return report.violations().get(0).first();
    }
}
