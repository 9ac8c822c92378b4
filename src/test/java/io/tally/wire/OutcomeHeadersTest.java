package io.tally.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutcomeHeadersTest {
    @Test
    void shouldFollowCloudEvents() {
        assertThat(OutcomeHeaders.of(Samples.entries().get("deposit")))
                .containsExactly(
                        WireHeader.ascii("ce_specversion", "1.0"),
                        // Checked with another implementation of RFC 9562: uuid5(namespace, "alice\0" + uid).
                        WireHeader.ascii("ce_id", "625038db-6ed4-5b35-b444-c6f99aea16f0"),
                        WireHeader.ascii("ce_source", "/tally"),
                        WireHeader.ascii("ce_type", "tally.transaction.accepted.v1"),
                        WireHeader.ascii("ce_time", "2026-11-23T10:00:00.000Z"),
                        WireHeader.ascii("ce_subject", "alice"),
                        WireHeader.ascii("ce_dataschema", "urn:tally:schema:outcome:v1"),
                        WireHeader.ascii("content-type", "application/json"));
    }

    @Test
    void shouldTellOpeningsFromTransactions() {
        assertThat(OutcomeHeaders.eventType(Samples.entries().get("open"))).isEqualTo("tally.user.opened.v1");
        assertThat(OutcomeHeaders.eventType(Samples.entries().get("open-user-exists")))
                .isEqualTo("tally.transaction.rejected.v1");
        assertThat(OutcomeHeaders.eventType(Samples.entries().get("withdraw")))
                .isEqualTo("tally.transaction.accepted.v1");
    }

    @Test
    void shouldDeriveTheIdFromUserAndUidOnly() {
        // Given
        JournalEntry entry = Samples.entries().get("deposit");
        JournalEntry elsewhere = new JournalEntry(entry.command(), 99, 5, null, 1, new Source(0, 0));
        JournalEntry otherUser =
                Samples.entry(Samples.command(CommandType.DEPOSIT, new Account("bob", "USD"), 1), 1, 1, null);

        // When
        String id = id(entry);

        // Then
        assertThat(UUID.fromString(id).version()).isEqualTo(5);
        assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        assertThat(id(elsewhere)).isEqualTo(id);
        assertThat(id(otherUser)).isNotEqualTo(id);
    }

    private static String id(JournalEntry entry) {
        return new String(OutcomeHeaders.of(entry).get(1).value(), StandardCharsets.US_ASCII);
    }
}
