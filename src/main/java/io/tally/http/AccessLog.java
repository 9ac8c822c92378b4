package io.tally.http;

import io.tally.wire.TraceContext;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes one line per request, with its parts as key-value pairs. Never the query, a body, or a token: those can hold what
 * a log must not. Thread-safe.
 */
final class AccessLog implements RequestLog {
    /** The logger's name. */
    static final String LOGGER = "io.tally.http.access";

    /** The most that is kept of a path, in characters before control characters are escaped. */
    static final int MAX_PATH = 256;

    private static final Logger log = LoggerFactory.getLogger(LOGGER);
    private static final int TRACE_ID_FROM = 3;
    private static final int TRACE_ID_TO = 35;

    @Override
    public void log(Request request, Response response) {
        if (!(request.getConnectionMetaData().getConnector() instanceof NetworkConnector)) {
            // No client's: the server's own first request.
            return;
        }
        String method = HttpMetrics.method(request);
        String route = RequestRoute.of(request);
        long micros = (System.nanoTime() - request.getHeadersNanoTime()) / 1_000;
        LoggingEventBuilder line = log.atInfo()
                .addKeyValue("method", method)
                .addKeyValue("route", route)
                .addKeyValue(
                        "path", printable(String.valueOf(request.getHttpURI().getPath())))
                .addKeyValue("status", response.getStatus())
                .addKeyValue("duration_ms", micros / 1_000.0)
                .addKeyValue("request_bytes", Request.getContentBytesRead(request))
                .addKeyValue("response_bytes", Response.getContentBytesWritten(response));
        if (request.getAttribute(Access.CALLER) instanceof ApiTokens.Caller caller) {
            line = line.addKeyValue("token_line", caller.line());
        }
        String traceId = traceId(request.getHeaders().get(TraceContext.PARENT));
        if (traceId != null) {
            line = line.addKeyValue("trace_id", traceId);
        }
        line.log("{} {} {}", method, route, response.getStatus());
    }

    /** The text's beginning with everything escaped that could begin a new line or leave its quotes. */
    static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.chars().limit(MAX_PATH).forEach(c -> {
            if (c > ' ' && c <= '~' && c != '"' && c != '\\') {
                printable.append((char) c);
            } else {
                printable.append(String.format("\\u%04x", c));
            }
        });
        return printable.toString();
    }

    private static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent != null && TraceContext.isValidTraceparent(traceparent.getBytes(StandardCharsets.ISO_8859_1))
                ? traceparent.substring(TRACE_ID_FROM, TRACE_ID_TO)
                : null;
    }
}
