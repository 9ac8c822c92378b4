package io.tally.chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.tally.faults.LedgerCluster;
import io.tally.faults.Load;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One run: everything is started, broken in rounds while load goes on, checked, and told of in a report. */
final class ChaosRun {
    private static final int USERS = 5_000;
    private static final int SHOWN = 20;

    private final ChaosSettings settings;
    private final World world;
    private final Tail tail;
    private final List<Injection> injections = new ArrayList<>();
    private final Map<Injection, Long> withoutReads = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final Map<String, Long> totals = new TreeMap<>();
    private Auditor.@Nullable Verdict lastVerdict;

    private ChaosRun(ChaosSettings settings, World world, Tail tail) {
        this.settings = settings;
        this.world = world;
        this.tail = tail;
    }

    /** Runs to the end. What was violated stands in the report; the directory is left as it is. */
    static ChaosReport run(ChaosSettings settings) throws Exception {
        System.out.println("chaos seed " + settings.seed() + " in " + settings.directory());
        Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
        Level before = kafka.getLevel();
        // Its clients tell of every try to reach a broker that is away.
        kafka.setLevel(Level.ERROR);
        try (Resources resources = new Resources()) {
            World world = World.start(settings, resources);
            Tail tail = resources.add(
                    Tail.start(world.brokers().bootstrapServers(), World.OUTPUT, LedgerCluster.PARTITIONS));
            return new ChaosRun(settings, world, tail).toTheEnd();
        } finally {
            kafka.setLevel(before);
        }
    }

    private ChaosReport toTheEnd() throws Exception {
        long startedAt = System.nanoTime();
        CommandGenerator commands =
                new CommandGenerator(settings.seed(), World.INPUT, Mix.rough(USERS, LedgerCluster.PARTITIONS));
        int rounds = 0;
        try (Load load = Load.startEndless(world.brokers().bootstrapServers(), commands, settings.perSecond())) {
            while (rounds == 0
                    || System.nanoTime() - startedAt < settings.time().toNanos()) {
                if (rounds > 0) {
                    audit();
                }
                round(++rounds, startedAt);
            }
            load.finish();
            add("Kafka load records", load.acknowledged());
            world.awaitCaughtUp();
        } catch (Exception | AssertionError e) {
            e.printStackTrace(System.out);
            violated("the run ended early: " + e);
        }
        audit();
        return report(rounds, System.nanoTime() - startedAt);
    }

    private void round(int round, long startedAt) throws Exception {
        List<FaultKind> order = new ArrayList<>(settings.faults());
        Collections.shuffle(order, new Random(settings.seed() + round));
        System.out.println("round " + round + ": " + order);
        List<Injection> ofRound = new ArrayList<>();
        try (HttpRound http = HttpRound.start(world, round)) {
            for (FaultKind kind : order) {
                if (round > 1 && System.nanoTime() - startedAt > settings.time().toNanos()) {
                    break;
                }
                Injection injection = inject(round, kind);
                System.out.println("  " + injection);
                ofRound.add(injection);
            }
            HttpRound.Outcome outcome = http.finish(ofRound);
            add("HTTP writes", outcome.writes());
            add("HTTP reads", outcome.reads());
            add("HTTP reads older than a write that was answered before", outcome.older());
            add("HTTP calls that met a broken store", outcome.broken());
            outcome.violations().forEach(violation -> violated("round " + round + ": " + violation));
            ofRound.forEach(injection -> withoutReads.put(
                    injection, Silences.longest(outcome.sightings(), injection.startedAt(), injection.endedAt())));
        }
        injections.addAll(ofRound);
    }

    private Injection inject(int round, FaultKind kind) {
        SplittableRandom random = new SplittableRandom(settings.seed() * 31 + round * 1_000L + kind.ordinal());
        Fault fault = kind.make(world, random);
        Instances.Mark before = world.instances().mark();
        String skipped = fault.impossible();
        String evidence = null;
        List<String> broken = new ArrayList<>();
        tail.mark();
        long startedAt = System.nanoTime();
        if (skipped == null) {
            try {
                injectAndHeal(fault);
                awaitFlow();
                evidence = fault.evidence();
            } catch (Exception | AssertionError e) {
                broken.add("the fault went wrong: " + e);
                e.printStackTrace(System.out);
            }
            world.awaitCaughtUp();
            broken.addAll(fault.violations());
        }
        broken.addAll(world.instances().unexplainedEnds());
        Injection injection = new Injection(
                round,
                kind,
                evidence,
                skipped,
                startedAt,
                System.nanoTime(),
                tail.longestSilence(),
                tail.slowestAfterHeal(),
                world.instances().restoredSince(before),
                broken);
        broken.forEach(violation -> violated("round " + round + ", " + kind.label() + ": " + violation));
        if (skipped == null && !injection.fired() || injection.isLate()) {
            findings.add("round " + round + ", " + injection);
        }
        return injection;
    }

    /** What was harmed is healed even where the harm itself went wrong. */
    private void injectAndHeal(Fault fault) throws Exception {
        try {
            fault.inject();
        } finally {
            tail.healed(System.nanoTime());
            fault.heal();
        }
    }

    private void awaitFlow() {
        Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .until(() -> {
                    world.instances().startDead();
                    return tail.flows();
                });
    }

    /** Between rounds: it reads all there is, and would take the processors from those that come back from a fault. */
    private void audit() {
        add("audits", 1);
        long start = System.nanoTime();
        try {
            Auditor.Verdict verdict = world.auditor().audit();
            System.out.printf("  audit in %.1f s: %s%n", Pauses.seconds(System.nanoTime() - start), verdict.counts());
            verdict.violations().forEach(violation -> violated("audit: " + violation));
            lastVerdict = verdict;
        } catch (Exception | AssertionError e) {
            violated("the audit did not end: " + e);
        }
    }

    private void violated(String violation) {
        if (violations.size() < SHOWN) {
            System.out.println("VIOLATION, seed " + settings.seed() + ": " + violation);
        }
        violations.add(violation);
    }

    private void add(String name, long count) {
        totals.merge(name, count, Long::sum);
    }

    private ChaosReport report(int rounds, long took) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("seed", settings.seed());
        run.put("minutes", took / 60_000_000_000L);
        run.put("rounds", rounds);
        run.put("brokers", settings.brokers());
        run.put("instances", settings.instances());
        run.put("records per second", settings.perSecond());
        run.put("HTTP writes per second", settings.httpPerSecond());
        run.putAll(Machine.describe());
        add("restarts by the supervisor", world.instances().restarts());
        add("outcomes", tail.count());
        if (lastVerdict != null) {
            lastVerdict.counts().forEach((name, count) -> add("last audit: " + name, count));
        }
        return new ChaosReport(
                run,
                totals,
                FaultFigures.of(settings.faults(), injections, withoutReads),
                List.copyOf(violations),
                List.copyOf(findings));
    }
}
