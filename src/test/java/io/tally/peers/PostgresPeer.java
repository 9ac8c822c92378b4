package io.tally.peers;

import io.tally.app.load.Workload;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A ledger in PostgreSQL: each client decides one command after the other, a call and a transaction each. Users are dealt out to
 * clients, so that a user's commands keep their order. The database is the operator's; what is measured lives in a schema that is
 * dropped afterwards.
 *
 * @param clients connections, each with one call under way
 * @param synchronous whether a commit waits for the disk ({@code synchronous_commit}); the broker beside which the others are
 *     measured does not
 */
record PostgresPeer(int clients, boolean synchronous) implements Peer {
    static List<PostgresPeer> variants() {
        return List.of(
                new PostgresPeer(8, true),
                new PostgresPeer(64, true),
                new PostgresPeer(8, false),
                new PostgresPeer(64, false));
    }

    @Override
    public String title() {
        return "PostgreSQL, " + clients + " clients, synchronous_commit " + (synchronous ? "on" : "off");
    }

    @Override
    public Measured measure(PeersSettings settings, Path directory) throws SQLException, InterruptedException {
        Workload workload = settings.workload();
        String url = Objects.requireNonNull(settings.postgres(), "postgres");
        try (PostgresSchema schema = PostgresSchema.create(url)) {
            PostgresClient.Progress progress = new PostgresClient.Progress(new LongAdder(), new CountDownLatch(1));
            List<PostgresClient> started = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                PostgresClient.Share share = new PostgresClient.Share(client, clients);
                started.add(PostgresClient.start(schema.connect(synchronous), workload, share, progress));
            }
            // A client that fails ends the waiting, and says so when it is stopped.
            var unused = progress.failed().await(settings.warmUp().toMillis(), TimeUnit.MILLISECONDS);
            long before = progress.decided().sum();
            long start = System.nanoTime();
            unused = progress.failed().await(settings.time().toMillis(), TimeUnit.MILLISECONDS);
            long commands = progress.decided().sum() - before;
            double seconds = (System.nanoTime() - start) / 1e9;
            List<String> faults = new ArrayList<>();
            for (PostgresClient client : started) {
                client.stop().ifPresent(faults::add);
            }
            faults.addAll(schema.check(workload, started));
            return new Measured(commands / seconds, commands, faults);
        }
    }
}
