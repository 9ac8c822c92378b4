package io.tally.audit;

import static io.tally.audit.AuditFixture.ALICE;
import static io.tally.audit.AuditFixture.altered;
import static io.tally.audit.AuditFixture.conflict;
import static io.tally.audit.AuditFixture.deposit;
import static io.tally.audit.AuditFixture.kinds;
import static io.tally.audit.AuditFixture.three;
import static io.tally.audit.RightLedger.PARTITIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.AuditReport.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
        for (Map.Entry<String, String> change : Map.of(
                        "tally.error.code", "invalid_amount",
                        "tally.error.detail", "something is wrong",
                        "__streams.errors.message", "another than the detail",
                        "__streams.errors.topic", "another",
                        "tally.truncated", "value")
                .entrySet()) {
            // Given
            RightLedger ledger = conflict();
            LogRecord letter = ledger.deadLetters.remove(0);
            ledger.deadLetters.add(Records.with(letter, change.getKey(), change.getValue()));

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
        LogRecord marked = ledger.deadLetters.get(0);
        Headers headers = new RecordHeaders(marked.headers()).remove("tally.truncated");
        LogRecord silent = new LogRecord("out", marked.position(), 0, marked.key(), marked.value(), headers);

        // When
        AuditReport right = ledger.audit();
        ledger.deadLetters.set(0, silent);
        AuditReport unmarked = ledger.audit();
        ledger.deadLetters.set(0, altered(marked, json -> json.substring(1)));
        AuditReport tooShort = ledger.audit();

        // Then
        assertThat(right.violations()).isEmpty();
        assertThat(kinds(unmarked)).containsExactly(Kind.DEAD_LETTER_CONTENT);
        assertThat(kinds(tooShort)).containsExactly(Kind.DEAD_LETTER_CONTENT);
    }

    @Test
    void shouldTakeAnOriginThatAClientHasMadeUpAsTheLedgerDoes() {
        // Given
        RightLedger ledger = new RightLedger();
        Headers headers = new RecordHeaders().add("tally.hop", "0:5:\n".getBytes(StandardCharsets.UTF_8));
        ledger.append(1, null, "garbage".getBytes(StandardCharsets.UTF_8), headers);
        LogRecord letter = ledger.process().deadLetters.remove(0);
        LogRecord elsewhere = Records.with(letter, "__streams.errors.partition", "0");
        ledger.deadLetters.add(Records.with(elsewhere, "__streams.errors.offset", "5"));

        // Then
        assertThat(ledger.audit().violations()).isEmpty();
    }

    @Test
    void shouldFindALostADoubledAndAnAlteredCopy() {
        // Given
        int right = ReferenceModel.partition(ALICE, PARTITIONS);
        int wrong = (right + 1) % PARTITIONS;
        byte[] key = ALICE.getBytes(StandardCharsets.UTF_8);
        byte[] value = deposit(1, "1").getBytes(StandardCharsets.UTF_8);
        RightLedger ledger = new RightLedger();
        ledger.append(wrong, key, value, new RecordHeaders());
        ledger.process();
        LogRecord original =
                ledger.input().stream().filter(r -> !r.isCopy()).findFirst().orElseThrow();
        LogRecord copy =
                ledger.input().stream().filter(LogRecord::isCopy).findFirst().orElseThrow();
        LogRecord misread = Records.with(copy, "content-type", "application/cloudevents+json");
        LogRecord second = Records.input(right, 1, copy.timestamp(), copy.key(), value, copy.header("tally.hop"));
        byte[] altered = deposit(1, "2").getBytes(StandardCharsets.UTF_8);
        LogRecord other = Records.input(right, 0, copy.timestamp(), copy.key(), altered, copy.header("tally.hop"));
        Cut cut = Cut.at(ledger.committed());

        // Then
        assertThat(ledger.audit().violations()).isEmpty();
        assertThat(kinds(ledger.audit(cut, List.of(original)))).contains(Kind.MISSING_COPY);
        assertThat(kinds(ledger.audit(cut, List.of(original, copy, second)))).containsExactly(Kind.DOUBLED_COPY);
        assertThat(kinds(ledger.audit(cut, List.of(original, other)))).contains(Kind.COPY_CONTENT, Kind.CONTENT);
        assertThat(kinds(ledger.audit(cut, List.of(original, misread)))).contains(Kind.COPY_CONTENT);
    }
}
