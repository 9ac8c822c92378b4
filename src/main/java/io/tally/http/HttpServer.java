package io.tally.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.tally.gateway.CommandGateway;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.OutcomeFeed;
import io.tally.wire.OutcomeEncoder;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of this instance. Thread-safe. */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    /**
     * The threads that write answers which had to wait. Not those that bring them: a client that reads slowly would hold up
     * all others.
     */
    private static final int THREADS = 32;

    private final Javalin javalin;
    private final Edge edge;
    private final ExecutorService answering;
    private final Forwarding forwarding;
    private final EventStreams events;

    private HttpServer(
            Javalin javalin, Edge edge, ExecutorService answering, Forwarding forwarding, EventStreams events) {
        this.javalin = javalin;
        this.edge = edge;
        this.answering = answering;
        this.forwarding = forwarding;
        this.events = events;
    }

    /** Starts to listen, with the calls for users only. */
    public static HttpServer start(
            ListenAddress address, LedgerGateway gateway, CommandGateway commands, OutcomeFeed feed) {
        return start(address, gateway, commands, feed, null);
    }

    /** Starts to listen. */
    public static HttpServer start(
            ListenAddress address,
            LedgerGateway gateway,
            CommandGateway commands,
            OutcomeFeed feed,
            @Nullable Operations operations) {
        Edge edge = new Edge(address, Patience.STANDARD);
        ExecutorService answering = ThreadPools.daemon("tally-answers", THREADS);
        Forwarding forwarding = new Forwarding(gateway, address.tls(), answering);
        Access access = new Access(address.tokens(), address.anyHost());
        EventStreams events =
                new EventStreams(feed, gateway::partitionOf, access, EventStreams.HEARTBEAT, EventStreams.MAX_STREAMS);
        try {
            return new HttpServer(
                    Javalin.create(config -> {
                                config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
                                if (operations != null) {
                                    operations.measure(config);
                                }
                                configure(config, edge, access, gateway, commands, forwarding, answering);
                                if (operations != null) {
                                    operations.addTo(config, access, address.isLoopback(), answering);
                                }
                                events.addTo(config);
                            })
                            .start(),
                    edge,
                    answering,
                    forwarding,
                    events);
        } catch (RuntimeException e) {
            forwarding.close();
            answering.shutdown();
            events.close();
            throw e;
        }
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    private static void configure(
            JavalinConfig config,
            Edge edge,
            Access access,
            LedgerGateway gateway,
            CommandGateway commands,
            Forwarding forwarding,
            Executor answering) {
        config.startup.showJavalinBanner = false;
        edge.configure(config);
        config.http.prefer405over404 = true;
        config.routes.before("/v1/*", forwarding::check);
        config.routes.before("/v1/*", access::authenticate);
        config.routes.before("/v1/*", Query::check);
        config.routes.beforeMatched("/v1/*", access::authorize);
        api(config, gateway, commands, forwarding, answering);
        config.routes.get("/health/live", ctx -> health(ctx, () -> true));
        config.routes.get("/health/ready", ctx -> health(ctx, gateway::isReady));
        ApiDocs.addTo(config);
        config.routes.exception(RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
        config.routes.exception(HttpResponseException.class, JavalinProblems::write);
        config.routes.exception(Exception.class, HttpServer::confess);
    }

    private static void api(
            JavalinConfig config,
            LedgerGateway ledger,
            CommandGateway submissions,
            Forwarding forwarding,
            Executor answering) {
        OutcomeEncoder encoder = new OutcomeEncoder(ledger.currencies());
        OutcomeAnswers answers = new OutcomeAnswers(encoder);
        Reads reads = new Reads(ledger, forwarding, answering);
        Commands commands = new Commands(submissions, forwarding, answering);
        Handler transaction = new TransactionHandler(commands, answers);
        // First what is asked most: a request is held against one pattern after the other until one fits.
        config.routes.get("/v1/user/{id}/balance", new BalanceHandler(reads));
        config.routes.post("/v1/transaction", transaction);
        config.routes.put("/v1/transaction", transaction);
        config.routes.post("/v1/transactions", new BulkHandler(submissions, answers, forwarding, answering));
        config.routes.get(
                "/v1/transaction/{uid}",
                new OutcomeHandler(reads, answers, new UidLookup(forwarding, answers, answering)));
        config.routes.post("/v1/user", new NewUserHandler(commands, answers));
        config.routes.get("/v1/user/{id}", new UserHandler(reads));
        config.routes.get("/v1/user/{id}/transactions", new StatementHandler(reads, encoder));
    }

    private static void health(Context ctx, BooleanSupplier healthy) {
        boolean up = healthy.getAsBoolean();
        Answers.json(ctx.status(up ? 200 : 503), Map.of("status", up ? "UP" : "DOWN"));
    }

    private static void confess(Exception e, Context ctx) {
        log.error("{} {} failed", ctx.method(), ctx.path(), e);
        Answers.problem(
                ctx,
                Problem.of(ProblemCode.INTERNAL_ERROR, "Please report what was asked, with the time of the answer"));
    }

    /**
     * Stops. Requests under way are answered, and new ones refused, until nobody is left or {@link Edge#LAST_ANSWERS} are
     * over; close what finds answers before.
     */
    @Override
    public void close() {
        events.close();
        if (!edge.settle()) {
            log.warn("Some clients have not taken their answers within {} s", Edge.LAST_ANSWERS.toSeconds());
        }
        javalin.stop();
        forwarding.close();
        answering.shutdown();
    }
}
