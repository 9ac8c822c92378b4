package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides who may call. Health is open; everything below {@code /v1} needs a token where tokens are used. */
final class Access {
    private static final String BEARER = "Bearer ";
    /** The request attribute of the caller whose token was sent. */
    static final String CALLER = "io.tally.caller";

    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final Pattern LOOPBACK_HOST = Pattern.compile(
            "(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

    private final @Nullable ApiTokens tokens;
    private final boolean anyHost;
    /** The last name that was found right: nearly always the next one as well. */
    private volatile @Nullable String knownHost;

    /**
     * Makes the rule.
     *
     * @param tokens null serves everybody who gets through to the port
     * @param anyHost whether a request without tokens may name any host; else loopback names only, as a web page could
     *     make a browser on this machine call under a name of its own
     */
    Access(@Nullable ApiTokens tokens, boolean anyHost) {
        this.tokens = tokens;
        this.anyHost = anyHost;
    }

    /** Whether a method asks and changes nothing. */
    static boolean isReading(HandlerType method) {
        return READING.contains(method);
    }

    /** Refuses a request of somebody who is not known: for whole parts of the API, also where there is no route. */
    void authenticate(Context ctx) {
        if (tokens == null) {
            checkHost(ctx);
            return;
        }
        ApiTokens.Caller caller = caller(ctx.header("Authorization"), tokens);
        if (caller == null) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.UNAUTHORIZED, "Send Authorization: Bearer with a token of this service"));
        }
        if (!caller.takeRequest()) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.RATE_LIMITED, "Nothing was written; try again in a second"));
        }
        ctx.attribute(CALLER, caller);
    }

    /** Refuses a known caller who lacks the scope of the route: its role or, when it has none, that of its method. */
    void authorize(Context ctx) {
        if (tokens == null) {
            return;
        }
        ApiTokens.Caller caller = ctx.attribute(CALLER);
        Set<? extends RouteRole> needed = ctx.routeRoles().isEmpty() ? ofMethod(ctx.method()) : ctx.routeRoles();
        if (caller == null || !caller.scopes().containsAll(needed)) {
            throw new RequestRefusedException(Problem.of(
                    ProblemCode.FORBIDDEN,
                    "The token lacks the scope "
                            + needed.stream()
                                    .map(scope -> scope.toString().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", "))));
        }
    }

    private static Set<Scope> ofMethod(HandlerType method) {
        return Set.of(READING.contains(method) ? Scope.READ : Scope.WRITE);
    }

    /** Refuses a request that names another host than this machine, where that matters. */
    void checkHost(Context ctx) {
        if (anyHost) {
            return;
        }
        String host = String.valueOf(ctx.header("Host"));
        if (host.equals(knownHost)) {
            return;
        }
        if (!LOOPBACK_HOST.matcher(host).matches()) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.FORBIDDEN, "Without tokens only loopback names are served"));
        }
        knownHost = host;
    }

    /**
     * Tells, at any later time and from any thread, whether the request would be let through again: tokens are removed while
     * long answers are under way.
     */
    BooleanSupplier standing(Context ctx) {
        String authorization = ctx.header("Authorization");
        Set<Scope> needed = ofMethod(ctx.method());
        ApiTokens known = tokens;
        return () -> {
            ApiTokens.Caller caller = known == null ? null : caller(authorization, known);
            return known == null || caller != null && caller.scopes().containsAll(needed);
        };
    }

    private static ApiTokens.@Nullable Caller caller(@Nullable String authorization, ApiTokens tokens) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? tokens.callerOf(authorization.substring(BEARER.length()).strip())
                : null;
    }
}
