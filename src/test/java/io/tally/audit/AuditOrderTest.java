package io.tally.audit;

import static io.tally.audit.AuditFixture.ALICE;
import static io.tally.audit.AuditFixture.deposit;
import static io.tally.audit.AuditFixture.kinds;
import static io.tally.audit.AuditFixture.three;
import static io.tally.audit.RightLedger.PARTITIONS;
import static io.tally.audit.RightLedger.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.AuditReport.Kind;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The topics come to the audit in any interleaving, in rounds, and not all partitions of them. */
class AuditOrderTest {
    private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldNeverCryWolfHoweverTheTopicsInterleave(int seed) {
        // Given
        RightLedger ledger = rough(seed);
        AuditCheck check = new AuditCheck(SETTINGS, ALL, outcome -> {}, 20);
        check.cut(Cut.at(ledger.committed()));
        Queue<LogRecord> input = new ArrayDeque<>(ledger.input());
        Queue<LogRecord> outcomes = new ArrayDeque<>(ledger.outcomes);
        Queue<LogRecord> deadLetters = new ArrayDeque<>(ledger.deadLetters);
        SplittableRandom random = new SplittableRandom(seed);

        // When
        while (!input.isEmpty() || !outcomes.isEmpty() || !deadLetters.isEmpty()) {
            int topic = random.nextInt(3);
            int stretch = random.nextInt(200);
            for (int i = 0; i < stretch; i++) {
                if (topic == 0 && !input.isEmpty()) {
                    check.input(input.remove());
                } else if (topic == 1 && !outcomes.isEmpty()) {
                    check.outcome(outcomes.remove());
                } else if (topic == 2 && !deadLetters.isEmpty()) {
                    check.deadLetter(deadLetters.remove());
                }
            }
        }

        // Then
        AuditReport report = check.report();
        assertThat(report.findings()).isEmpty();
        assertThat(report.counts().outcomes()).isEqualTo(ledger.outcomes.size());
        assertThat(report.counts().rerouted()).isPositive();
    }

    @Test
    void shouldReadOnAfterARound() {
        // Given
        RightLedger ledger = rough(7);
        Cut first = Cut.at(ledger.committed());
        List<LogRecord> early = ledger.input();
        int outcomes = ledger.outcomes.size();
        AuditCheck check = new AuditCheck(SETTINGS, ALL, outcome -> {}, 20);
        check.cut(first);
        early.forEach(check::input);
        ledger.outcomes.forEach(check::outcome);
        ledger.deadLetters.forEach(check::deadLetter);
        check.settle();
        int letters = ledger.deadLetters.size();
        for (int i = 1; i < 5; i++) {
            ledger.produce(ALICE, deposit(i, "1"));
        }
        ledger.produce(ALICE, "garbage");
        ledger.process();

        // When
        check.cut(Cut.at(ledger.committed()));
        ledger.outcomes.subList(outcomes, ledger.outcomes.size()).forEach(check::outcome);
        ledger.deadLetters.subList(letters, ledger.deadLetters.size()).forEach(check::deadLetter);
        boolean beforeItsInput = check.isClean();
        ledger.input().stream()
                .filter(record -> !first.covers(record.position()))
                .forEach(check::input);

        // Then
        assertThat(beforeItsInput).isTrue();
        assertThat(check.report().findings()).isEmpty();
    }

    @Test
    void shouldAuditOnePartitionByItself() {
        RightLedger ledger = rough(11);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            // When
            AuditReport report = audit(ledger, partition);

            // Then
            assertThat(report.findings()).isEmpty();
            assertThat(report.counts().input())
                    .isPositive()
                    .isLessThan(ledger.input().size());
        }
        // Given
        LogRecord lost = ledger.outcomes.remove(100);

        // Then
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(audit(ledger, partition).clean())
                    .isEqualTo(partition != lost.position().partition());
        }
    }

    @Test
    void shouldFindEachAlteredHeader() {
        for (Header one : three().outcomes.get(1).headers()) {
            String header = one.key();
            // Given
            RightLedger ledger = three();
            ledger.outcomes.set(1, Records.with(ledger.outcomes.get(1), header, "another"));

            // Then
            assertThat(kinds(ledger.audit())).as(header).containsExactly(Kind.HEADERS);
        }
    }

    @Test
    void shouldNotTakeHeadersThatDoNotTravel() {
        // Given
        RightLedger ledger = three();
        ledger.outcomes.set(0, Records.with(ledger.outcomes.get(0), "traceparent", "made up"));
        ledger.outcomes.set(1, Records.with(ledger.outcomes.get(1), "secret", "of the input"));

        // Then
        assertThat(ledger.audit().violations()).containsEntry(Kind.HEADERS, 2L).hasSize(1);
    }

    @Test
    void shouldListNoMoreThanItIsAskedForButCountAll() {
        // Given
        RightLedger ledger = rough(3);
        int lost = ledger.outcomes.size();
        ledger.outcomes.clear();

        // When
        AuditReport report = ledger.audit();

        // Then
        assertThat(report.violations()).containsEntry(Kind.MISSING_OUTCOME, (long) lost);
        assertThat(report.findings()).hasSizeBetween(20, 20 + Kind.values().length);
    }

    private static AuditReport audit(RightLedger ledger, int partition) {
        AuditCheck check = new AuditCheck(SETTINGS, Set.of(partition), outcome -> {}, 20);
        check.cut(Cut.at(ledger.committed()));
        of(partition, ledger.input()).forEach(check::input);
        of(partition, ledger.outcomes).forEach(check::outcome);
        ledger.deadLetters.forEach(check::deadLetter);
        return check.report();
    }

    private static List<LogRecord> of(int partition, List<LogRecord> records) {
        List<LogRecord> some = new ArrayList<>(records);
        some.removeIf(record -> record.position().partition() != partition);
        return some;
    }

    private static RightLedger rough(int seed) {
        CommandGenerator generator = new CommandGenerator(seed, "in", Mix.rough(100, PARTITIONS));
        RightLedger ledger = new RightLedger();
        IntStream.range(0, 3_000).forEach(i -> ledger.produce(generator.next()));
        return ledger.process();
    }
}
