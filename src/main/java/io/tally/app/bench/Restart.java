package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.stream.UserPartitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How long a service that was killed with {@code kill -9} takes until each partition answers again. */
final class Restart implements Scenario {
    static final String NAME = "restart";

    /** Decided since the last start, so that there is something in memory that no table has. */
    private static final int FRESH_COMMANDS = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STEP = 1_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final LocalLedger ledger;
    private final CommandFeed feed;
    private final HttpTarget target;
    private final int history;

    /** A user's balance as it was served before. */
    private record Known(byte[] request, byte[] body) {}

    /** @param history commands that are decided before the first kill */
    Restart(LocalLedger ledger, CommandFeed feed, int history) {
        this.ledger = ledger;
        this.feed = feed;
        this.target = new HttpTarget(ledger.http());
        this.history = history;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String conditions() {
        return String.format(
                Locale.ROOT,
                "kill -9 after %,d commands of %,d users; from the new process's start to the balance of a user of each partition",
                history,
                feed.workload().users());
    }

    /** A process is cold when it starts. */
    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public void prepare() throws IOException {
        feed.fill(history, STEP);
        feed.fill(feed.sent() + FRESH_COMMANDS, STEP);
    }

    /** @param time is not looked at: a repetition ends when all partitions have answered */
    @Override
    public Repetition run(Duration time) throws IOException, InterruptedException {
        awaitServed();
        List<Known> missing = new ArrayList<>();
        for (int partition = 0; partition < LocalLedger.PARTITIONS; partition++) {
            missing.add(known(partition));
        }
        ledger.killService();
        long start = System.nanoTime();
        ledger.launchService();
        double first = Double.NaN;
        long wrong = 0;
        while (!missing.isEmpty() && System.nanoTime() - start < PATIENCE.toNanos()) {
            for (Known known : List.copyOf(missing)) {
                HttpAnswer answer = ask(known.request());
                if (answer.status() == 200) {
                    missing.remove(known);
                    wrong += Arrays.equals(answer.body(), known.body()) ? 0 : 1;
                    first = Double.isNaN(first) ? seconds(start) : first;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        Figures figures = new Figures().with("all_partitions_s", seconds(start)).with("first_balance_s", first);
        ledger.awaitService();
        wrong += missing.size();
        return new Repetition(figures, wrong == 0 ? Map.of() : Map.of("another balance or none", wrong));
    }

    /** Outcomes can be read a moment before balances say the same: a balance of then would not be the one to come back. */
    private void awaitServed() throws IOException {
        long start = System.nanoTime();
        while (!isServed(JSON.readTree(ask(target.get("/v1/cluster")).body()))) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException("Expected all that is committed to be served, but it is not");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isServed(JsonNode cluster) {
        JsonNode partitions = cluster.path("partitions");
        boolean all = partitions.size() == LocalLedger.PARTITIONS;
        for (JsonNode partition : partitions) {
            JsonNode served = partition.path("served_offset");
            all &= served.isNumber() && served.equals(partition.path("committed_offset"));
        }
        return all;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The first user of a partition who has a balance. */
    private Known known(int partition) throws IOException {
        UserPartitions partitions = new UserPartitions(LocalLedger.PARTITIONS);
        for (int user = 0; user < feed.workload().users(); user++) {
            byte[] key = feed.workload().userId(user).getBytes(StandardCharsets.US_ASCII);
            if (partitions.of(key) == partition) {
                byte[] request = target.get(BalanceSample.path(feed.workload(), user));
                HttpAnswer answer = ask(request);
                if (answer.status() == 200) {
                    return new Known(request, answer.body());
                }
            }
        }
        throw new IOException("Expected a user with a balance in partition " + partition + ", but there is none");
    }

    /** Status 0 when nobody answers. */
    private HttpAnswer ask(byte[] request) {
        try (HttpConnection connection = target.connect()) {
            return connection.exchange(request);
        } catch (IOException e) {
            return new HttpAnswer(0, new byte[0]);
        }
    }

    @Override
    public List<String> verify() throws IOException {
        return feed.verify();
    }
}
