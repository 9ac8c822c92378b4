package io.tally.stream;

import io.tally.wire.TimestampText;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of an input record, milliseconds since 1970 UTC. One outside 1970 to 9999 counts as 1970; it is never an error,
 * since an exception from here would kill the stream thread at the same record again and again.
 */
final class RecordTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return TimestampText.inRange(record.timestamp());
    }
}
