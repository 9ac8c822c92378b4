package io.tally.peers;

import io.tally.app.load.Workload;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Decides a share of the commands over one connection, until it is stopped. */
final class PostgresClient {
    /** The users of one client among several. */
    record Share(int client, int clients) {
        boolean has(int user) {
            return user % clients == client;
        }
    }

    /**
     * What all clients have done so far.
     *
     * @param failed is over once one of them has failed
     */
    record Progress(LongAdder decided, CountDownLatch failed) {}

    private final Connection connection;
    private final Workload workload;
    private final Share share;
    private final Progress progress;
    private final Thread thread = new Thread(this::run, "postgres-client");
    private volatile boolean stopped;
    private volatile long end;
    private volatile @Nullable SQLException failure;

    private PostgresClient(Connection connection, Workload workload, Share share, Progress progress) {
        this.connection = connection;
        this.workload = workload;
        this.share = share;
        this.progress = progress;
    }

    /** Starts to decide, as fast as the database answers. */
    static PostgresClient start(Connection connection, Workload workload, Share share, Progress progress) {
        PostgresClient client = new PostgresClient(connection, workload, share, progress);
        client.thread.start();
        return client;
    }

    private void run() {
        try (connection;
                PreparedStatement call = connection.prepareStatement("SELECT * FROM decide(?, ?, ?, ?)")) {
            long command = 0;
            while (!stopped) {
                if (share.has(workload.user(command))) {
                    decide(call, command);
                    progress.decided().increment();
                }
                command++;
            }
            end = command;
        } catch (SQLException e) {
            failure = e;
            progress.failed().countDown();
        }
    }

    private void decide(PreparedStatement call, long command) throws SQLException {
        long amount = workload.amount(command);
        call.setString(1, workload.userId(workload.user(command)));
        call.setObject(2, workload.uid(command));
        call.setString(3, amount < 0 ? "WITHDRAW" : "DEPOSIT");
        call.setBigDecimal(4, BigDecimal.valueOf(Math.abs(amount), 2));
        try (ResultSet outcome = call.executeQuery()) {
            outcome.next();
        }
    }

    /** Ends it; returns what went wrong, if anything did. */
    Optional<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return Optional.ofNullable(failure).map(SQLException::toString);
    }

    /** Which commands it has decided, once it is stopped: those of its users before this one. */
    boolean hasDecided(long command) {
        return command < end && share.has(workload.user(command));
    }

    /** Where it stopped. */
    long end() {
        return end;
    }
}
