package io.tally.chaos;

import io.tally.audit.History;
import io.tally.faults.Attempt;
import io.tally.faults.Caller;
import io.tally.faults.HistoryCheck;
import io.tally.faults.ReadLoad;
import io.tally.faults.Sighting;
import io.tally.faults.SightingCheck;
import io.tally.faults.Traffic;
import io.tally.faults.WriteLoad;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** Writes and reads over HTTP, of users that only this round has, so that it can be judged by itself and forgotten. */
final class HttpRound implements AutoCloseable {
    /**
     * What a round came to.
     *
     * @param writes how many were sent
     * @param reads how many balances were asked for
     * @param older how many of those showed less than a writer had been told before
     * @param broken how many writes and reads met a broken store, which is told by 500
     * @param sightings what the reads saw
     */
    record Outcome(int writes, int reads, long older, long broken, List<Sighting> sightings, List<String> violations) {}

    private static final int USERS = 200;
    private static final int READERS = 2;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final World world;
    private final String prefix;
    private final Map<TopicPartition, Long> from;
    private final WriteLoad writes;
    private final ReadLoad reads;

    private HttpRound(World world, int round) {
        this.world = world;
        this.prefix = "load-" + round + "-";
        this.from = world.offsets().ends(World.INPUT);
        long seed = world.settings().seed() + round;
        List<String> names = world.instances().names();
        Traffic traffic = new Traffic(seed, USERS, prefix);
        Caller caller = new Caller(world.instances().cluster());
        this.writes = new WriteLoad(caller, names, traffic);
        writes.sendFirst();
        writes.start(world.settings().httpPerSecond(), Duration.ofDays(1));
        this.reads = ReadLoad.start(caller, names, traffic.users(), writes, PAUSE, READERS, seed);
    }

    static HttpRound start(World world, int round) {
        return new HttpRound(world, round);
    }

    /** Ends the load, does what clients do that do not know what came of a write, and checks what all were told. */
    Outcome finish(List<Injection> injections) throws InterruptedException, IOException {
        writes.close();
        writes.awaitAnswers();
        List<Sighting> sightings = reads.finish();
        writes.resolve();
        // What was written last must be decided before the log is asked for it.
        Map<TopicPartition, Long> ends = world.offsets().ends(World.INPUT);
        Offsets offsets = world.offsets();
        Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .ignoreException(Offsets.Away.class)
                .until(() -> offsets.haveReached(World.GROUP, ends));
        List<Attempt> history = writes.history();
        write(history);
        History log = world.auditor().history(from, prefix);
        BrokenStores broken = new BrokenStores(injections);
        List<String> violations = new ArrayList<>(HistoryCheck.violations(broken.withoutWrites(history), log));
        violations.addAll(SightingCheck.violations(broken.withoutReads(sightings), log));
        return new Outcome(
                history.size(),
                sightings.size(),
                sightings.stream().filter(Sighting::isOlder).count(),
                broken.count(),
                sightings,
                violations);
    }

    private void write(List<Attempt> history) throws IOException {
        Path file = world.directory().resolve(prefix + "history.txt.gz");
        try (BufferedWriter lines = new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
            for (Attempt attempt : history) {
                lines.write(attempt.sentAt() + " " + attempt.answeredAt() + " " + attempt + "\n");
            }
        }
    }

    @Override
    public void close() {
        writes.close();
        reads.close();
    }
}
