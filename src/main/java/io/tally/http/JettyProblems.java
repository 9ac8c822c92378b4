package io.tally.http;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Says as a problem what Jetty refuses before a handler sees it, or what went wrong below the handlers: requests that cannot
 * be parsed, or break a limit. Thread-safe.
 */
final class JettyProblems implements Request.Handler {
    private static final int MAX_REASON = 200;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^ -~]");

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Throwable cause = (Throwable) request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
        int status = cause instanceof HttpException http ? http.getCode() : response.getStatus();
        String reason = cause instanceof HttpException http
                ? http.getReason()
                : cause == null ? (String) request.getAttribute(ErrorHandler.ERROR_MESSAGE) : null;
        closeAfterConnect(request, response);
        write(response, problem(status, reason), callback);
        return true;
    }

    /** There is no tunnel here; Jetty would keep the connection for one, also when the client asks it not to. */
    static void closeAfterConnect(Request request, Response response) {
        if (HttpMethod.CONNECT.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
    }

    /**
     * Refuses a request.
     *
     * @throws IllegalStateException if an answer has begun
     */
    static void write(Response response, Problem problem, Callback callback) {
        byte[] json = Answers.json(problem);
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(problem.status());
        headers.put(HttpHeader.CONTENT_TYPE, Answers.PROBLEM_JSON);
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put(HttpHeader.CONTENT_LENGTH, json.length);
        if (Answers.retryable(problem)) {
            headers.put(HttpHeader.RETRY_AFTER, "1");
        }
        response.write(true, ByteBuffer.wrap(json), callback);
    }

    private static Problem problem(int status, @Nullable String reason) {
        return switch (status) {
            case 404 -> Problem.of(ProblemCode.NOT_FOUND, "See the README for what there is");
            case 408 -> Problem.of(ProblemCode.REQUEST_TIMEOUT, "Expected the whole request sooner");
            case 413 -> Problem.of(ProblemCode.TOO_LARGE, "Expected a smaller body");
            case 414 ->
                Problem.of(
                        ProblemCode.URI_TOO_LONG,
                        "Expected a request line and headers of at most " + EdgeLimits.HEAD_BYTES + " bytes together");
            case 431 ->
                Problem.of(
                        ProblemCode.HEADERS_TOO_LARGE,
                        "Expected headers of at most " + EdgeLimits.HEAD_BYTES + " bytes together");
            case 426, 505 -> Problem.of(ProblemCode.HTTP_VERSION_NOT_SUPPORTED, "Expected HTTP/1.1");
            case 503 -> Problem.of(ProblemCode.UNAVAILABLE, "Nothing was written; try again in a second");
            default ->
                status >= 400 && status < 500 || status == 501
                        ? Problem.of(ProblemCode.INVALID_REQUEST, detail(reason))
                        : internalError();
        };
    }

    static Problem internalError() {
        return Problem.of(ProblemCode.INTERNAL_ERROR, "Please report what was asked, with the time of the answer");
    }

    private static String detail(@Nullable String reason) {
        String expected = "Expected an HTTP request that can be read";
        if (reason == null || reason.isBlank()) {
            return expected;
        }
        String printable = NOT_PRINTABLE.matcher(reason).replaceAll("?");
        return expected + ": " + printable.substring(0, Math.min(printable.length(), MAX_REASON));
    }
}
