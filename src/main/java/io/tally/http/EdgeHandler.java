package io.tally.http;

import io.javalin.http.Context;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the handlers and lets through what is plain: a path that means one thing only, with its body read. No thread
 * waits for a client here, so Jetty's threads that watch the connections run it themselves; what a handler may wait for or
 * take long over goes to the other threads, which costs as much time as a look-up takes. Thread-safe.
 */
final class EdgeHandler extends Handler.Wrapper {
    private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.\\.?(/|$)");

    private static final String HEAD = EdgeHandler.class.getName() + ".head";

    /** Javalin obeys it: what stands before it, and lets some methods through only, would be passed by. */
    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

    private final WaitingBytes waiting;
    private final Patience patience;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean refusing;

    EdgeHandler(WaitingBytes waiting, Patience patience) {
        this.waiting = waiting;
        this.patience = patience;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        SlowHeads.handling(request);
        underWay.incrementAndGet();
        Request.addCompletionListener(request, failure -> underWay.decrementAndGet());
        JettyProblems.closeAfterConnect(request, response);
        String path = request.getHttpURI().getPath();
        if (HttpMethod.OPTIONS.is(request.getMethod()) && "*".equals(path)) {
            response.setStatus(204);
            response.getHeaders().put(HttpHeader.ALLOW, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
            callback.succeeded();
            return true;
        }
        if (path == null || !path.startsWith("/") || isAmbiguous(path)) {
            refuse(response, callback, "Expected a path without empty and dot segments and without semicolons");
            return true;
        }
        if (request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_VERSION)) {
            // Javalin would make a session for it.
            refuse(response, callback, "Expected plain HTTP: there are no WebSockets here");
            return true;
        }
        UnreadAnswer answer = new UnreadAnswer(request, response, callback, waiting, patience);
        Request asked = asHandled(request);
        if (hasBody(request)) {
            new BodyReader(asked, answer, EdgeLimits.bodyBytes(path), waiting, patience)
                    .read(whole -> handleElsewhere(whole, answer));
            return true;
        }
        if (isQuick(path, request.getHttpURI().getQuery()) && !refusing && !isOverridden(request)) {
            return super.handle(asked, answer, answer);
        }
        handleElsewhere(asked, answer);
        return true;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /**
     * Whether the answer takes a read of the store or two: the balance now, as a past one is summed up. A query with escapes
     * may ask for that by a name that is spelled otherwise.
     */
    private static boolean isQuick(String path, @Nullable String query) {
        return path.startsWith("/v1/user/")
                && path.endsWith("/balance")
                && (query == null || !query.contains("date") && query.indexOf('%') < 0);
    }

    /** How many requests are not answered yet. */
    int underWay() {
        return underWay.get();
    }

    /** Lets nothing through from now on. */
    void refuse() {
        refusing = true;
    }

    /** Who is refused here is told when the body is read, or might not see it. */
    private void handleElsewhere(Request request, UnreadAnswer answer) {
        if (refusing) {
            refuse(answer, answer, Problem.unavailable("This instance is stopping"));
            return;
        }
        if (isOverridden(request)) {
            refuse(answer, answer, "Expected no " + METHOD_OVERRIDE + ": send the method itself");
            return;
        }
        request.getContext().execute(() -> {
            try {
                if (!super.handle(request, answer, answer)) {
                    Response.writeError(request, answer, answer, HttpStatus.NOT_FOUND_404);
                }
            } catch (Throwable e) {
                // Nobody above would answer.
                Response.writeError(request, answer, answer, e);
            }
        });
    }

    /** Whether the client asked for the head of an answer only, which handlers are told as GET. */
    static boolean isHead(Context ctx) {
        return ctx.attribute(HEAD) != null;
    }

    /** Empty and dot segments and path parameters: proxies and servers differ in what these paths are. */
    private static boolean isAmbiguous(String path) {
        return path.indexOf(';') >= 0
                || path.contains("//")
                || path.contains("/.") && DOT_SEGMENT.matcher(path).find();
    }

    private static void refuse(Response response, Callback callback, String detail) {
        refuse(response, callback, Problem.of(ProblemCode.INVALID_REQUEST, detail));
    }

    private static void refuse(Response response, Callback callback, Problem problem) {
        JettyProblems.write(response, problem, callback);
    }

    private static boolean isOverridden(Request request) {
        return request.getHeaders().contains(METHOD_OVERRIDE);
    }

    private static boolean hasBody(Request request) {
        return request.getLength() != 0
                && (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
    }

    /**
     * Handlers answer HEAD as they would GET; the body is dropped where it would be sent. Methods that no call has go by
     * one name, as Javalin takes some words for its own kinds of handlers.
     */
    private static Request asHandled(Request request) {
        if (HttpMethod.HEAD.is(request.getMethod())) {
            Request asked = new AskedAs(HttpMethod.GET.asString(), request);
            asked.setAttribute(HEAD, Boolean.TRUE);
            return asked;
        }
        String method = HttpMetrics.method(request);
        return method.equals(request.getMethod()) ? request : new AskedAs(method, request);
    }

    private static final class AskedAs extends Request.Wrapper {
        private final String method;

        AskedAs(String method, Request request) {
            super(request);
            this.method = method;
        }

        @Override
        public String getMethod() {
            return method;
        }
    }
}
