package io.tally.chaos;

import io.tally.faults.LedgerCluster;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets are set back to the beginning while the state is kept, so that all input is read again. This befalls a
 * second ledger on the same brokers: dead letters and re-routed records come twice then, as documented, and the audit of the
 * first one could no longer tell them from doubled ones. This one gets none, and is audited after each replay.
 */
final class ReplayedLedger extends Fault {
    private static final String LEDGER = "replayed";
    private static final String PREFIX = LEDGER + "-";
    private static final int COMMANDS = 3_000;
    private static final int USERS = 300;
    private static final Pattern REPEATED =
            Pattern.compile("tally_commands_total\\{[^}]*result=\"repeated\"[^}]*} ([0-9.E]+)");

    private final List<String> violations = new ArrayList<>();
    private final int port = TallyProcess.freePort();
    private long input;
    private long repeated;

    ReplayedLedger(World world, SplittableRandom random) {
        super(world, random);
    }

    @Override
    void inject() throws Exception {
        try (TallyProcess before = start()) {
            CommandGenerator commands = new CommandGenerator(
                    random.nextLong(), PREFIX + World.INPUT, Mix.plain(USERS, LedgerCluster.PARTITIONS));
            for (int i = 0; i < COMMANDS; i++) {
                var unused = world.producer().send(commands.next());
            }
            world.producer().flush();
            awaitDecided();
            before.kill();
        }
        long outcomes = world.offsets().end(PREFIX + World.OUTPUT);
        input = world.offsets().end(PREFIX + World.INPUT);
        removeMembers();
        setBack();
        try (TallyProcess after = start()) {
            awaitDecided();
            repeated = repeated();
            after.terminate();
        }
        long now = world.offsets().end(PREFIX + World.OUTPUT);
        if (now != outcomes) {
            violations.add("the outcomes ended at " + outcomes + " before the replay and at " + now + " after it");
        }
        violations.addAll(new Auditor(world.brokers().bootstrapServers(), PREFIX, LEDGER)
                .audit()
                .violations());
    }

    private TallyProcess start() {
        Map<String, String> environment = new HashMap<>(
                world.settings().environment(LEDGER, world.brokers().proxiedBootstrapServers()));
        environment.put("KAFKA_APPLICATION_ID", LEDGER);
        environment.put("TALLY_TOPIC_PREFIX", PREFIX);
        environment.put("TALLY_STANDBY_REPLICAS", "0");
        environment.put("TALLY_DATA_DIR", world.directory().resolve(LEDGER).toString());
        environment.put("TALLY_HTTP_PORT", Integer.toString(port));
        TallyProcess process = TallyProcess.start(
                world.directory().resolve(LEDGER + "-" + System.nanoTime() + ".log"), "320m", environment, "serve");
        process.awaitAnswer(URI.create("http://127.0.0.1:" + port + "/health/ready"), ChaosSettings.PATIENCE);
        return process;
    }

    private void awaitDecided() {
        Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .ignoreException(Offsets.Away.class)
                .until(() -> world.offsets().lag(PREFIX + World.INPUT, LEDGER) == 0);
    }

    /** A member that was killed keeps its place for the session's time-out; offsets are only set back where nobody is. */
    private void removeMembers() {
        List<MemberToRemove> members = world.offsets().members(LEDGER).stream()
                .map(MemberToRemove::new)
                .toList();
        if (!members.isEmpty()) {
            Offsets.await(world.offsets()
                    .admin()
                    .removeMembersFromConsumerGroup(LEDGER, new RemoveMembersFromConsumerGroupOptions(members))
                    .all());
        }
    }

    private void setBack() {
        Map<TopicPartition, OffsetAndMetadata> beginnings = world.offsets().ends(PREFIX + World.INPUT).keySet().stream()
                .collect(Collectors.toMap(partition -> partition, ignored -> new OffsetAndMetadata(0)));
        Awaitility.await()
                .atMost(ChaosSettings.SESSION.multipliedBy(3))
                .pollInterval(ChaosSettings.LOOK)
                .ignoreException(Offsets.Away.class)
                .until(() -> {
                    Offsets.await(world.offsets()
                            .admin()
                            .alterConsumerGroupOffsets(LEDGER, beginnings)
                            .all());
                    return true;
                });
    }

    private long repeated() throws IOException, InterruptedException {
        Matcher count = REPEATED.matcher(TallyProcess.get(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .body());
        return count.results()
                .mapToLong(type -> (long) Double.parseDouble(type.group(1)))
                .sum();
    }

    @Override
    @Nullable
    String evidence() {
        return repeated >= input ? "all " + input + " records of the second ledger came out as repeats" : null;
    }

    @Override
    List<String> violations() {
        return violations;
    }
}
