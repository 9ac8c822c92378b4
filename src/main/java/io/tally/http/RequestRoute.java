package io.tally.http;

import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import org.eclipse.jetty.server.Request;

/** The route of a request, known to Javalin while it is handled and needed when it was answered. */
final class RequestRoute {
    /** Of requests that no route is for. */
    static final String UNKNOWN = "unknown";

    private static final String ATTRIBUTE = "io.tally.route";

    private RequestRoute() {}

    /** Notes the route's pattern, if there is one. */
    static void note(Context ctx) {
        Endpoint endpoint = ctx.endpoints().matchedHttpEndpoint();
        if (endpoint != null) {
            ctx.attribute(ATTRIBUTE, endpoint.path);
        }
    }

    /** The pattern that was noted; never the path, which clients choose. */
    static String of(Request request) {
        return request.getAttribute(ATTRIBUTE) instanceof String route ? route : UNKNOWN;
    }
}
