package io.tally.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.logback.EcsEncoder;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines in JSON as the Elastic Common Schema names their parts, key-value pairs among them: those that it has a name for
 * under that, all others below {@code tally}. Made by Logback, as logback.xml says. Thread-safe.
 */
public final class EcsLines extends EcsEncoder {
    private static final Map<String, String> NAMES = Map.of(
            "method", "http.request.method",
            "path", "url.path",
            "status", "http.response.status_code",
            "request_bytes", "http.request.body.bytes",
            "response_bytes", "http.response.body.bytes",
            "trace_id", "trace.id");

    /** The schema has nanoseconds. */
    private static final String MILLISECONDS = "duration_ms";

    private static final long NANOS_PER_MILLI = 1_000_000;

    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder line) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (KeyValuePair pair : pairs) {
            if (pair.key.equals(MILLISECONDS) && pair.value instanceof Number millis) {
                add(line, "event.duration", Math.round(millis.doubleValue() * NANOS_PER_MILLI));
            } else {
                add(line, NAMES.getOrDefault(pair.key, "tally." + pair.key), pair.value);
            }
        }
    }

    private static void add(StringBuilder line, String name, Object value) {
        line.append('"').append(name).append("\":");
        if (value instanceof Number) {
            line.append(value);
        } else {
            line.append('"')
                    .append(JsonStringEncoder.getInstance().quoteAsString(String.valueOf(value)))
                    .append('"');
        }
        line.append(',');
    }
}
