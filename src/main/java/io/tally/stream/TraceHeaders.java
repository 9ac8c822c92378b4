package io.tally.stream;

import io.tally.wire.TraceContext;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The only headers of an input record that travel on, and only in their proper form. Headers are input as well: copied
 * whole, they could make a record too large to be sent, and stop the partition.
 */
final class TraceHeaders {
    private TraceHeaders() {}

    static void copy(Headers from, Headers to) {
        Header parent = from.lastHeader(TraceContext.PARENT);
        if (parent == null || parent.value() == null || !TraceContext.isValidTraceparent(parent.value())) {
            return;
        }
        to.add(parent);
        Header state = from.lastHeader(TraceContext.STATE);
        if (state != null && state.value() != null && TraceContext.isValidTracestate(state.value())) {
            to.add(state);
        }
    }
}
