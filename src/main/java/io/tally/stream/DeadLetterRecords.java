package io.tally.stream;

import io.tally.ledger.Source;
import io.tally.wire.DeadLetter;
import io.tally.wire.Flaw;
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
                WireHeaders.ofKafka(record.headers()),
                flaw,
                inputTopic,
                new Source(acknowledged.partition(), acknowledged.offset()));
        return new Record<>(letter.key(), letter.value(), input.recordedAt(), WireHeaders.toKafka(letter.headers()));
    }
}
