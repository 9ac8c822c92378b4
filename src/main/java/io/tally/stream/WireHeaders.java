package io.tally.stream;

import io.tally.wire.WireHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Headers from the form of the wire into Kafka's, and back. */
public final class WireHeaders {
    private WireHeaders() {}

    /** New headers, to which more can be added. */
    static Headers toKafka(List<WireHeader> headers) {
        Header[] kafka = new Header[headers.size()];
        for (int i = 0; i < kafka.length; i++) {
            WireHeader header = headers.get(i);
            kafka[i] = new RecordHeader(header.key(), header.value());
        }
        return new RecordHeaders(kafka);
    }

    /** All of a record's headers, in their order; the values are shared. */
    public static List<WireHeader> ofKafka(Headers headers) {
        List<WireHeader> wire = new ArrayList<>();
        for (Header header : headers) {
            wire.add(new WireHeader(header.key(), header.value()));
        }
        return wire;
    }
}
