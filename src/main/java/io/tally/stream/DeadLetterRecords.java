package io.tally.stream;

import io.tally.ledger.Source;
import io.tally.wire.DeadLetter;
import io.tally.wire.Flaw;
import io.tally.wire.WireHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes dead letters.
 *
 * @param inputTopic where the records come from
 */
record DeadLetterRecords(String inputTopic) {
    Record<byte[], byte[]> of(Input input, Flaw flaw) {
        Record<byte[], byte[]> record = input.record();
        Input acknowledged = input.asAcknowledged();
        DeadLetter letter = DeadLetter.of(
                record.key(),
                record.value(),
                wireHeaders(record.headers()),
                flaw,
                inputTopic,
                new Source(acknowledged.partition(), acknowledged.offset()));
        Headers headers = new RecordHeaders();
        letter.headers().forEach(header -> headers.add(header.key(), header.value()));
        return new Record<>(letter.key(), letter.value(), input.recordedAt(), headers);
    }

    private static List<WireHeader> wireHeaders(Headers headers) {
        List<WireHeader> wire = new ArrayList<>();
        for (Header header : headers) {
            wire.add(new WireHeader(header.key(), header.value()));
        }
        return wire;
    }
}
