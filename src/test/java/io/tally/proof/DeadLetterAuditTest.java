package io.tally.proof;

import static io.tally.proof.AuditFixture.ALICE;
import static io.tally.proof.AuditFixture.altered;
import static io.tally.proof.AuditFixture.conflict;
import static io.tally.proof.AuditFixture.deposit;
import static io.tally.proof.AuditFixture.kinds;
import static io.tally.proof.AuditFixture.three;
import static io.tally.proof.RightLedger.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.proof.AuditCheck.Cut;
import io.tally.proof.AuditReport.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same for dead letters and re-routed copies. */
class DeadLetterAuditTest {
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
        InputRecord original =
                ledger.input().stream().filter(r -> r.hop() == null).findFirst().orElseThrow();
        InputRecord copy =
                ledger.input().stream().filter(r -> r.hop() != null).findFirst().orElseThrow();
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
}
