package io.tally.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.tally.gateway.LedgerGateway;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of this instance. Thread-safe. */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Javalin javalin;

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Starts to listen.
     *
     * @param host the address to listen on
     * @param port 1 to 65535, or 0 for any free one
     */
    public static HttpServer start(String host, int port, LedgerGateway gateway) {
        return new HttpServer(
                Javalin.create(config -> configure(config, host, port, gateway)).start());
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    private static void configure(JavalinConfig config, String host, int port, LedgerGateway gateway) {
        config.startup.showJavalinBanner = false;
        config.jetty.host = host;
        config.jetty.port = port;
        config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
        config.routes.get("/health/live", ctx -> health(ctx, () -> true));
        config.routes.get("/health/ready", ctx -> health(ctx, gateway::isReady));
        config.routes.get("/v1/user/{id}/balance", new BalanceHandler(gateway));
        config.routes.exception(RequestRefusedException.class, (e, ctx) -> answer(ctx, e.problem()));
        config.routes.exception(HttpResponseException.class, HttpServer::replaceDefaultBody);
        config.routes.exception(Exception.class, (e, ctx) -> {
            log.error("{} {} failed", ctx.method(), ctx.path(), e);
            answer(
                    ctx,
                    Problem.of(
                            ProblemCode.INTERNAL_ERROR, "Please report what was asked, with the time of the answer"));
        });
    }

    private static void health(Context ctx, BooleanSupplier healthy) {
        boolean up = healthy.getAsBoolean();
        ctx.status(up ? 200 : 503).json(Map.of("status", up ? "UP" : "DOWN"));
    }

    /** Javalin answers unknown paths and methods in bodies of its own. */
    private static void replaceDefaultBody(HttpResponseException e, Context ctx) {
        ProblemCode code = e.getStatus() == 405 ? ProblemCode.METHOD_NOT_ALLOWED : ProblemCode.NOT_FOUND;
        answer(ctx, Problem.of(code, "See the README for what there is"));
    }

    private static void answer(Context ctx, Problem problem) {
        if (problem.status() == 503) {
            ctx.header("Retry-After", "1");
        }
        try {
            ctx.status(problem.status()).contentType(PROBLEM_JSON).result(JSON.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected a problem to be JSON, but it was not", e);
        }
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
