package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.wire.OutcomeEncoder;
import io.tally.wire.OutcomeHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the record that tells of an outcome. Thread-safe. */
final class OutcomeRecords {
    private final OutcomeEncoder encoder;

    OutcomeRecords(CurrencyTable currencies) {
        this.encoder = new OutcomeEncoder(currencies);
    }

    Record<byte[], byte[]> of(JournalEntry entry, Input input) {
        Headers headers = WireHeaders.toKafka(OutcomeHeaders.of(entry));
        TraceHeaders.copy(input.record().headers(), headers);
        byte[] key = entry.command().userId().getBytes(StandardCharsets.UTF_8);
        return new Record<>(key, encoder.encode(entry), entry.recordedAt(), headers);
    }
}
