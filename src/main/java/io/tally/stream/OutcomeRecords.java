package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.wire.OutcomeEncoder;
import io.tally.wire.OutcomeHeaders;
import io.tally.wire.WireHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/** Makes the record that tells of an outcome. Thread-safe. */
final class OutcomeRecords {
    private final OutcomeEncoder encoder;

    OutcomeRecords(CurrencyTable currencies) {
        this.encoder = new OutcomeEncoder(currencies);
    }

    Record<byte[], byte[]> of(JournalEntry entry, Input input) {
        Headers headers = new RecordHeaders(kafkaHeaders(OutcomeHeaders.of(entry)));
        TraceHeaders.copy(input.record().headers(), headers);
        byte[] key = entry.command().userId().getBytes(StandardCharsets.UTF_8);
        return new Record<>(key, encoder.encode(entry), entry.recordedAt(), headers);
    }

    private static Header[] kafkaHeaders(List<WireHeader> headers) {
        Header[] kafka = new Header[headers.size()];
        for (int i = 0; i < kafka.length; i++) {
            WireHeader header = headers.get(i);
            kafka[i] = new RecordHeader(header.key(), header.value());
        }
        return kafka;
    }
}
