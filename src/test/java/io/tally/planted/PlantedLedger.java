package io.tally.planted;

import io.tally.rig.TallyProcess;
import io.tally.stream.LedgerTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A ledger with topics of its own and at most one fault, from its creation through a kill and an abort, if the fault needs
 * them, to its audit. The kill comes while a transaction is open that has written everything, the abort fences another one like it.
 */
final class PlantedLedger implements AutoCloseable {
    static final int PARTITIONS = 2;
    private static final int LOOKS_WHILE_HELD = 50;
    private static final int COMMANDS_PER_PROCESS = 2_000;
    private static final int COMMANDS_PER_LOOK = 10;

    private final @Nullable Fault fault;
    private final String name;
    private final String bootstrapServers;
    private final LedgerTopics topics;
    private final String base;
    private final Program program;
    private final Admin admin;
    private final long startedAt = System.nanoTime();

    PlantedLedger(Path directory, String bootstrapServers, @Nullable Fault fault, long seed) {
        this.fault = fault;
        this.bootstrapServers = bootstrapServers;
        this.name = (fault == null ? "sound-" + seed : fault.name().toLowerCase(Locale.ROOT)).replace('_', '-');
        this.topics = LedgerTopics.of(name + "-", name);
        int port = TallyProcess.freePort();
        this.base = "http://127.0.0.1:" + port;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.program = new Program(
                directory.resolve(name),
                fault,
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        bootstrapServers,
                        "KAFKA_APPLICATION_ID",
                        name,
                        "TALLY_TOPIC_PREFIX",
                        name + "-",
                        "TALLY_PARTITIONS",
                        Integer.toString(PARTITIONS),
                        "TALLY_STORE_MEMORY_MB",
                        "32",
                        // What faults and circumstances remember of the open transaction is of one thread.
                        "TALLY_STREAM_THREADS",
                        "1",
                        "TALLY_HTTP_PORT",
                        Integer.toString(port)));
    }

    PlantedRun run(long seed) throws Exception {
        boolean disturbed = fault == null || fault.needsDisturbance();
        program.start(disturbed);
        boolean upright = program.reach(disturbed, () -> program.isReady(base));
        try (Commands commands = Commands.start(bootstrapServers, topics.input(), seed);
                Looks looks = Looks.start(base, Commands.users(), this::committed, seed)) {
            commands.allow(COMMANDS_PER_PROCESS);
            upright = upright && (!disturbed || disturb(commands, looks));
            commands.finish();
            upright = upright && program.reach(false, this::isDrained);
            looks.close();
            if (!upright) {
                program.close();
                endTransactions();
            }
            OutsideAudit audit = OutsideAudit.of(bootstrapServers, topics, name);
            List<String> looked = new ArrayList<>(looks.findings(audit.history()));
            if (upright) {
                looked.addAll(looks.differences(audit.history()));
            }
            return new PlantedRun(
                    fault,
                    program.fired(),
                    program.stops(),
                    audit.findings(),
                    looked,
                    audit.records(),
                    looks.size(),
                    Duration.ofNanos(System.nanoTime() - startedAt));
        }
    }

    /** Kills it, and aborts what it does then; false when the program will not stay up. */
    private boolean disturb(Commands commands, Looks looks) throws ExecutionException, InterruptedException {
        if (!program.reach(true, () -> isHolding(commands))) {
            return false;
        }
        int before = looks.size();
        boolean looked = program.reach(true, () -> looks.size() > before + LOOKS_WHILE_HELD);
        program.process().kill();
        program.start(true);
        if (!looked || !program.reach(true, () -> program.isReady(base))) {
            return false;
        }
        commands.allow(COMMANDS_PER_PROCESS);
        if (!program.reach(true, () -> isHolding(commands))) {
            return false;
        }
        endTransactions();
        program.process().awaitExit(Duration.ofSeconds(30));
        program.start(false);
        boolean ready = program.reach(false, () -> program.isReady(base));
        commands.allow(COMMANDS_PER_PROCESS);
        return ready;
    }

    /** Sends more until it is: how many transactions the commands make depends on the machine. */
    private boolean isHolding(Commands commands) {
        commands.allow(COMMANDS_PER_LOOK);
        return program.process().output().contains(Circumstances.HELD);
    }

    /** Aborts what the program has open, and fences it. */
    private void endTransactions() throws ExecutionException, InterruptedException {
        List<String> ids = admin.listTransactions().all().get().stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(name + "-"))
                .toList();
        admin.fenceProducers(ids).all().get();
    }

    /** The group's offsets by partition. Those that a transaction is about to commit are left out. */
    private Map<Integer, Long> committed() {
        try {
            ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
            Map<Integer, Long> offsets = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(
                            Map.of(name, new ListConsumerGroupOffsetsSpec()), stable)
                    .partitionsToOffsetAndMetadata(name)
                    .get();
            found.forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
            return offsets;
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Expected the group's offsets", e);
        }
    }

    private boolean isDrained() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(topics.input(), partition), OffsetSpec.latest());
        }
        var ends = admin.listOffsets(latest).all().get();
        Map<Integer, Long> committed = committed();
        // Behind the last record there may be the marker of a re-routing transaction, which nobody commits.
        return ends.entrySet().stream()
                .allMatch(end -> committed.getOrDefault(end.getKey().partition(), 0L)
                        >= end.getValue().offset() - 1);
    }

    @Override
    public void close() {
        program.close();
        admin.close();
    }
}
