package io.tally.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tally.gateway.ClusterGateway;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.webhook.WebhookGateway;
import java.util.concurrent.Executor;
import org.eclipse.jetty.server.RequestLog;
import org.jspecify.annotations.Nullable;

/**
 * What the server offers to operators.
 *
 * @param cluster says how the ledger is
 * @param deadLetters reads what could not be decided
 * @param metrics what {@code /metrics} shows; the server adds its own
 * @param accessLog whether each request is logged
 * @param console what the page at {@code /} is for
 * @param webhooks registers who is told of outcomes; null when nobody is
 */
public record Operations(
        ClusterGateway cluster,
        DeadLetterGateway deadLetters,
        PrometheusMeterRegistry metrics,
        boolean accessLog,
        Console console,
        @Nullable WebhookGateway webhooks) {
    /** Without console and webhooks. */
    public Operations(
            ClusterGateway cluster, DeadLetterGateway deadLetters, PrometheusMeterRegistry metrics, boolean accessLog) {
        this(cluster, deadLetters, metrics, accessLog, Console.OFF, null);
    }

    /** Counts and times requests. To be done before other handlers are added, as a request that those refuse counts too. */
    void measure(JavalinConfig config) {
        HttpMetrics http = new HttpMetrics(metrics);
        config.jetty.modifyServer(
                server -> server.setRequestLog(accessLog ? new RequestLog.Collection(http, new AccessLog()) : http));
        config.routes.before(ctx -> {
            http.begin(ctx);
            RequestRoute.note(ctx);
        });
        // Javalin looks for the route ahead of the handlers above when there is a handler of this kind.
        config.routes.beforeMatched(RequestRoute::note);
    }

    /**
     * Adds the calls.
     *
     * @param loopback whether only this machine can call
     * @param executor writes answers that had to wait
     */
    void addTo(JavalinConfig config, Access access, boolean loopback, Executor executor) {
        guardMetrics(config, access, loopback);
        config.routes.get("/metrics", this::scrape, Scope.READ);
        config.routes.get("/v1/cluster", new ClusterHandler(cluster, executor), Scope.ADMIN);
        config.routes.get("/v1/dead-letters", new DeadLetterHandler(deadLetters, executor), Scope.ADMIN);
        ConsolePages.addTo(config, console);
        if (webhooks != null) {
            new WebhookEndpoints(webhooks, executor).addTo(config);
            new WebhookDeliveries(webhooks, executor).addTo(config);
        }
    }

    /** Whoever is on this machine may see the metrics; from elsewhere it takes a token, where tokens are used. */
    static void guardMetrics(JavalinConfig config, Access access, boolean loopback) {
        if (loopback) {
            config.routes.before("/metrics", access::checkHost);
        } else {
            config.routes.before("/metrics", access::authenticate);
            config.routes.beforeMatched("/metrics", access::authorize);
        }
    }

    private void scrape(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
}
