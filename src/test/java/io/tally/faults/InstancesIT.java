package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.faults.LedgerCluster.Audited;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several instances are one service: whichever is asked gives the same answer, and while one dies and comes back, no client
 * is told anything that the log does not bear out. System properties set how long the load lasts ({@code
 * tally.instances.seconds}), how many writes a second there are ({@code tally.instances.rate}) and how many instances
 * ({@code tally.instances.count}).
 */
@Tag("proof")
class InstancesIT {
    private static final int SECONDS = Integer.getInteger("tally.instances.seconds", 30);
    private static final List<String> NAMES =
            List.of("one", "two", "three").subList(0, Integer.getInteger("tally.instances.count", 3));
    private static final int PER_SECOND = Integer.getInteger("tally.instances.rate", 500);
    private static final int USERS = 200;
    private static final int READERS = 4;
    private static final int VIOLATIONS_SHOWN = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private static Path directory;

    private static LedgerCluster cluster;
    private static Supervisor supervisor;

    /** New for each test: an instance closes connections that rest for long, and then a write may come to nothing. */
    private final Caller caller = new Caller(cluster);

    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @BeforeAll
    static void start() {
        cluster = new LedgerCluster(directory);
        supervisor = Supervisor.of(cluster, NAMES, InstancesIT::settings);
        // One after the other: the first one makes the topics.
        String first = NAMES.get(0);
        cluster.start(first, settings(first));
        Awaitility.await().atMost(PATIENCE).until(() -> answersForAll(first));
        NAMES.stream().skip(1).forEach(name -> cluster.start(name, settings(name)));
        awaitAllAnswer();
    }

    private static Map<String, String> settings(String name) {
        Map<String, String> settings = new HashMap<>(LedgerCluster.SHARED);
        settings.put("KAFKA_GROUP_INSTANCE_ID", name);
        return settings;
    }

    /** Waits until each instance has partitions, and answers for all. */
    private static void awaitAllAnswer() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> cluster.owners().values().containsAll(NAMES)
                        && NAMES.stream().allMatch(InstancesIT::answersForAll));
    }

    private static boolean answersForAll(String name) {
        return cluster.balances().answeredPartitions(name).size() == LedgerCluster.PARTITIONS;
    }

    @AfterAll
    static void stop() {
        supervisor.close();
        cluster.close();
    }

    @Test
    void shouldAnswerTheSameWhicheverInstanceIsAsked() {
        SameAnswers answers = new SameAnswers(caller, NAMES);

        answers.warmUp();
        answers.checkWritesAreSeenEverywhere();
        answers.checkLookUps();
        answers.checkStatements();
        answers.checkRepeats();
        answers.checkRefusals();
    }

    @Test
    void shouldKeepItsWordWhileAnInstanceDiesAndComesBack() throws Exception {
        System.out.println("seed " + seed);
        // Given
        Traffic traffic = new Traffic(seed, USERS);
        try (WriteLoad writes = new WriteLoad(caller, NAMES, traffic)) {
            writes.sendFirst();
            String victim = mostBurdened();

            // When
            long startedAt = System.nanoTime();
            writes.start(PER_SECOND, Duration.ofSeconds(SECONDS));
            try (ReadLoad reads = ReadLoad.start(caller, NAMES, traffic.users(), writes, READERS, seed)) {
                awaitSecond(SECONDS / 3, startedAt);
                System.out.println("kills " + victim + " of " + cluster.owners());
                long killedAt = System.nanoTime();
                cluster.instance(victim).kill();
                awaitSecond(SECONDS * 2 / 3, startedAt);
                cluster.start(victim, settings(victim));
                writes.awaitAnswers();
                long endedAt = System.nanoTime();
                awaitAllAnswer();
                int resolved = writes.resolve();
                List<Sighting> sightings = reads.finish();
                cluster.awaitDrained();

                // Then
                List<Attempt> history = writes.history();
                System.out.println(history.size() + " writes sent\n"
                        + new Figures(killedAt, endedAt, history, sightings) + "\nsent again " + resolved);
                Audited audited = cluster.audit();
                assertNone(HistoryCheck.violations(history, audited.model()));
                assertNone(SightingCheck.violations(sightings, audited.model()));
                assertThat(sightings)
                        .as("looks that only the owner answers, which has told the writer before")
                        .noneMatch(Sighting::isOlder);
                assertThat(history.stream().filter(attempt -> isSilent(attempt.instance(), attempt.answer(), victim)))
                        .as("living instances that kept a caller waiting for ever")
                        .isEmpty();
                assertThat(sightings.stream().filter(look -> isSilent(look.instance(), look.answer(), victim)))
                        .as("living instances that kept a caller waiting for ever")
                        .isEmpty();
                for (String name : NAMES) {
                    cluster.balances().compare(List.of(name), audited.model(), USERS, seed);
                }
            }
        }
    }

    private static void awaitSecond(int second, long startedAt) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(second + 60L))
                .until(() -> System.nanoTime() - startedAt
                        > Duration.ofSeconds(second).toNanos());
    }

    /** The instance with the most partitions. */
    private static String mostBurdened() {
        Collection<String> owners = cluster.owners().values();
        return owners.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    }

    private static boolean isSilent(String instance, HttpAnswer answer, String victim) {
        return Caller.isTimeout(answer) && !instance.equals(victim);
    }

    private static void assertNone(List<String> violations) {
        assertThat(violations.stream().limit(VIOLATIONS_SHOWN))
                .as(violations.size() + " violations")
                .isEmpty();
    }
}
