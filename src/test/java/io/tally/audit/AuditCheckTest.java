package io.tally.audit;

import static io.tally.audit.AuditFixture.ALICE;
import static io.tally.audit.AuditFixture.UID;
import static io.tally.audit.AuditFixture.altered;
import static io.tally.audit.AuditFixture.command;
import static io.tally.audit.AuditFixture.deposit;
import static io.tally.audit.AuditFixture.first;
import static io.tally.audit.AuditFixture.kinds;
import static io.tally.audit.AuditFixture.three;
import static io.tally.audit.RightLedger.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.audit.AuditReport.Kind;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each kind of violation, planted in what a right ledger wrote, and found. */
class AuditCheckTest {
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
        AuditCounts counts = report.counts();
        assertThat(counts.input()).isEqualTo(20_000 + counts.rerouted());
        assertThat(counts.byLabel())
                .containsKeys("accepted", "rejected", "repeats", "dead letters", "rerouted", "outcomes");
        assertThat(counts.input())
                .isEqualTo(counts.accepted()
                        + counts.allRejected()
                        + counts.repeats()
                        + counts.allDeadLetters()
                        + counts.rerouted());
    }

    @Test
    void shouldFindAMissingOutcome() {
        // Given
        RightLedger ledger = three();
        LogRecord lost = ledger.outcomes.remove(2);

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).containsExactly(Kind.MISSING_OUTCOME, Kind.SUM_OF_DELTAS);
        assertThat(first(report))
                .contains(UID + 3)
                .contains(" in " + lost.position().partition() + ":2");
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
        assertThat(kinds(report)).contains(Kind.DOUBLED_OUTCOME);
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
    void shouldFindOutcomesThatNameAMarkerBehindTheLastInput() {
        // Given
        RightLedger ledger = three();
        int partition = ledger.outcomes.get(2).position().partition();
        LogRecord invented = altered(ledger.outcomes.get(2), json -> json.replace("\"offset\":2", "\"offset\":3"));
        ledger.outcomes.add(altered(invented, json -> json.replace(UID + 3, UID + 4)));
        ledger.outcomes.add(ledger.outcomes.get(2));

        // When
        AuditReport report = ledger.audit(Cut.at(Map.of(partition, 4L)), ledger.input());

        // Then
        assertThat(kinds(report)).contains(Kind.UNEXPECTED_OUTCOME, Kind.DOUBLED_OUTCOME);
        assertThat(report.counts().outcomesBeyondCut()).isZero();
    }

    @Test
    void shouldNotGatherInputOnceAllOutcomesWereRead() {
        // Given
        RightLedger ledger = three();
        int partition = ledger.outcomes.get(0).position().partition();
        AuditCheck check = new AuditCheck(RightLedger.SETTINGS, Set.of(partition), outcome -> {}, 20);
        check.cut(Cut.at(ledger.committed()));
        check.outcome(ledger.outcomes.get(0));
        check.outcomesEnd(partition);

        // When
        ledger.input().forEach(check::input);

        // Then
        assertThat(check.expectedBacklog(partition)).isZero();
        assertThat(check.isClean()).isFalse();
        assertThat(check.report().violations()).containsEntry(Kind.MISSING_OUTCOME, 2L);
    }

    @Test
    void shouldRefuseMoreInputThanTheHeapHolds() {
        long heap = 350L << 20;
        LedgerAudit.requireHeap(1 << 20, heap);
        assertThatThrownBy(() -> LedgerAudit.requireHeap((1 << 20) + 1, heap))
                .isInstanceOf(AuditRefusedException.class)
                .hasMessageContaining("1048577 input records");
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
        LogRecord last = ledger.outcomes.remove(2);
        int other = (last.position().partition() + 1) % PARTITIONS;
        Position place = new Position(other, 0);
        ledger.outcomes.add(new LogRecord("out", place, 0, last.key(), last.value(), last.headers()));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.OUT_OF_ORDER, Kind.MISSING_OUTCOME);
    }

    @Test
    void shouldFindAnAlteredBalance() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.set(
                2,
                altered(ledger.outcomes.get(2), json -> json.replace("\"balance\":\"6.00\"", "\"balance\":\"6.01\"")));

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
        LogRecord one = ledger.outcomes.get(0);
        LogRecord other = Records.with(one, "ce_type", "tally.transaction.rejected.v1");
        byte[] key = "bob".getBytes(StandardCharsets.UTF_8);
        ledger.outcomes.set(0, new LogRecord("out", one.position(), 0, key, one.value(), other.headers()));

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
                altered(
                        ledger.outcomes.get(0),
                        json -> json.replace("\"0.00\"", "\"-5.00\"").replace("REJ", "ACC")));

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(kinds(report)).contains(Kind.NEGATIVE_BALANCE, Kind.CONTENT);
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
        assertThat(report.counts().input()).isEqualTo(3);
    }

    @Test
    void shouldBearWhatWasDecidedWhileItWasReading() {
        // Given
        RightLedger ledger = three();
        Map<Integer, Long> before = ledger.committed();
        ledger.produce(ALICE, deposit(4, "4"));
        ledger.produce(ALICE, "garbage");
        ledger.process();

        // When
        AuditReport atWork = ledger.auditAtWork(before);
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
        assertThat(report.violations()).containsEntry(Kind.MISSING_OUTCOME, 3L);
        assertThat(report.clean()).isFalse();
        assertThat(report.findings().get(0).kind()).isEqualTo(Kind.MISSING_OUTCOME);
        assertThat(report.findings().get(0).position().offset()).isZero();
    }
}
