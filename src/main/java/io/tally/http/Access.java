package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides who may call. Health is open; everything below {@code /v1} needs a token's scope where tokens are used. */
final class Access {
    private static final String BEARER = "Bearer ";
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final Pattern LOOPBACK_HOST = Pattern.compile(
            "(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

    private final @Nullable ApiTokens tokens;
    private final boolean anyHost;

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

    /** Refuses a request that may not go on. */
    void check(Context ctx) {
        if (tokens != null) {
            checkToken(ctx, tokens);
        } else if (!anyHost
                && !LOOPBACK_HOST.matcher(String.valueOf(ctx.header("Host"))).matches()) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.FORBIDDEN, "Without tokens only loopback names are served"));
        }
    }

    /**
     * Tells, at any later time and from any thread, whether the request would be let through again: tokens are removed while
     * long answers are under way.
     */
    BooleanSupplier standing(Context ctx) {
        String authorization = ctx.header("Authorization");
        Scope needed = needed(ctx);
        ApiTokens known = tokens;
        return () -> known == null || scopes(authorization, known).contains(needed);
    }

    private static Scope needed(Context ctx) {
        return isReading(ctx.method()) ? Scope.READ : Scope.WRITE;
    }

    private static Set<Scope> scopes(@Nullable String authorization, ApiTokens tokens) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? tokens.scopesOf(authorization.substring(BEARER.length()).strip())
                : Set.of();
    }

    private static void checkToken(Context ctx, ApiTokens tokens) {
        Set<Scope> scopes = scopes(ctx.header("Authorization"), tokens);
        if (scopes.isEmpty()) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.UNAUTHORIZED, "Send Authorization: Bearer with a token of this service"));
        }
        Scope needed = needed(ctx);
        if (!scopes.contains(needed)) {
            throw new RequestRefusedException(Problem.of(
                    ProblemCode.FORBIDDEN,
                    "The token lacks the scope " + needed.name().toLowerCase(Locale.ROOT)));
        }
    }
}
