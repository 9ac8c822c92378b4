package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.AuditReport;
import io.tally.audit.AuditedTopics;
import io.tally.audit.History;
import io.tally.audit.LedgerAudit;
import io.tally.audit.Records;
import io.tally.faults.Load;
import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Reply;
import io.tally.ledger.Account;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Partitions that go from one thread of a process to the other under load, as they do when instances come and go: the store
 * is closed by one and opened by the other in the same process, beside transactions of both.
 */
@Timeout(150)
class ThreadHandoverIT {
    private static final int PARTITIONS = 4;
    private static final int USERS = 300;
    private static final int PER_SECOND = 4_000;

    /** More than one, as another thread ends each time: so every partition was with both. */
    private static final int ROUNDS = 4;

    /** So many are decided between one hand-over and the next. */
    private static final int RECORDS = 2_000;

    /**
     * A thread that is gone for good is not heard of, for which the process would fall silent and end. Those that are there
     * soon hear of a rebalance.
     */
    private static final Map<String, String> THREADS_MAY_END = Map.of(
            "heartbeat.interval.ms", "200",
            "session.timeout.ms", "140000",
            "max.poll.interval.ms", "140000",
            "transaction.timeout.ms", "150000");

    @TempDir
    Path directory;

    private final long seed = Long.getLong("tally.seed", System.nanoTime());
    private final RecordedFailStop failStop = new RecordedFailStop();
    private final Owners owners = new Owners();

    @Test
    void shouldHandOverPartitionsBetweenItsThreadsUnderLoadWithoutLosingACent() throws Exception {
        System.out.println("seed " + seed);
        try (LedgerRig rig = LedgerRig.start(directory)) {
            // Given
            TestLedger test = new TestLedger(rig, "handover", PARTITIONS);
            StreamSettings settings = ChangedSettings.of(test.settings("one", THREADS_MAY_END))
                    .threads(2)
                    .build();
            CommandGenerator commands = new CommandGenerator(seed, test.topics().input(), Mix.rough(USERS, PARTITIONS));
            try (LedgerStreams ledger = new LedgerStart(settings, failStop).run(() -> {}, owners::noting);
                    Load load = Load.startEndless(rig.bootstrapServers(), commands, PER_SECOND)) {
                awaitDeciding(2);

                // When: one thread ends and the other has all partitions, then half of them go to a new one.
                for (int round = 0; round < ROUNDS; round++) {
                    ledger.measure(KafkaStreams::removeStreamThread);
                    awaitDeciding(1);
                    ledger.measure(KafkaStreams::addStreamThread);
                    awaitDeciding(2);
                }
                load.finish();
                await(() -> rig.isDecided(settings));

                // Then
                System.out.println(load.acknowledged() + " records, threads by partition: " + owners.threads());
                assertThat(owners.threads().values())
                        .as("each partition was with one thread, and then with another")
                        .hasSize(PARTITIONS)
                        .allSatisfy(threads -> assertThat(threads).hasSizeGreaterThanOrEqualTo(2));
                assertThat(owners.outOfOrder()).isEmpty();
                History model = audited(rig, settings);
                Awaitility.await().atMost(LedgerRig.PATIENCE).untilAsserted(() -> assertBalances(ledger, model));
            }
        }
        assertThat(failStop.reasons()).isEmpty();
    }

    /** Waits until so many threads have the partitions, and have decided for a while. */
    private void awaitDeciding(int threads) {
        await(() -> owners.deciding() == threads);
        long before = owners.records();
        await(() -> owners.records() >= before + RECORDS);
    }

    /** Every command has its one outcome, in order, or its dead letter; gives what the balances must be. */
    private static History audited(LedgerRig rig, StreamSettings settings) {
        LedgerTopics topics = settings.topics();
        History model = new History(Records.settings(PARTITIONS));
        try (LedgerAudit audit = new LedgerAudit(
                Map.of("bootstrap.servers", rig.bootstrapServers()),
                new AuditedTopics(topics.input(), topics.output(), topics.deadLetters(), settings.applicationId()),
                Records.settings(PARTITIONS),
                new LedgerAudit.Scope(Set.of(), model, 20),
                LedgerRig.PATIENCE)) {
            audit.read((read, of) -> {});
            AuditReport report = audit.report();
            System.out.println(report);
            assertThat(report.violations()).isEmpty();
        }
        return model;
    }

    private static void assertBalances(LedgerStreams ledger, History model) {
        LedgerGateway gateway = new LedgerGateway(ledger);
        assertThat(model.users()).isNotEmpty();
        for (String user : model.users()) {
            model.balances(user).forEach((currency, balance) -> {
                Account account = new Account(user, currency);
                Reply<Balance> expected = model.known(user)
                        ? new Reply.Found<>(new Balance(
                                account,
                                balance.unscaledValue().longValueExact(),
                                model.sequence(user, currency),
                                null))
                        : new Reply.Absent<>();
                assertThat(gateway.balance(account, null)).isEqualTo(expected);
            });
        }
    }

    private void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() -> assertThat(failStop.reasons()).isEmpty())
                .until(condition);
    }

    /** Which threads have decided records of each partition, one after the other. Thread-safe. */
    private static final class Owners {
        private final Map<Integer, List<Thread>> threadsByPartition = new HashMap<>();
        private final Map<Integer, Long> offsetByPartition = new HashMap<>();
        private final List<String> outOfOrder = new CopyOnWriteArrayList<>();
        private long records;

        /** The ledger's own processor, with a note of each record's thread. */
        ProcessorSupplier<byte[], byte[], byte[], byte[]> noting(LedgerParts parts) {
            return () -> new NotingProcessor(new LedgerProcessor(parts), this);
        }

        private synchronized void decides(int partition, long offset) {
            records++;
            Long before = offsetByPartition.put(partition, offset);
            if (before != null && before >= offset) {
                outOfOrder.add("offset " + offset + " of partition " + partition + " after " + before);
            }
            List<Thread> threads = threadsByPartition.computeIfAbsent(partition, ignored -> new ArrayList<>());
            if (threads.isEmpty() || threads.get(threads.size() - 1) != Thread.currentThread()) {
                threads.add(Thread.currentThread());
            }
        }

        /** How many threads have partitions, by the latest record of each; 0 until each had one. */
        synchronized long deciding() {
            return threadsByPartition.size() < PARTITIONS
                    ? 0
                    : threadsByPartition.values().stream()
                            .map(threads -> threads.get(threads.size() - 1))
                            .distinct()
                            .count();
        }

        synchronized long records() {
            return records;
        }

        /** The numbers of the threads that each partition was with, in order. */
        synchronized Map<Integer, List<String>> threads() {
            return threadsByPartition.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            entry -> entry.getValue().stream()
                                    .map(Thread::getName)
                                    .map(name -> name.substring(name.lastIndexOf('-') + 1))
                                    .toList()));
        }

        List<String> outOfOrder() {
            return outOfOrder;
        }
    }

    private static final class NotingProcessor implements Processor<byte[], byte[], byte[], byte[]> {
        private final LedgerProcessor processor;
        private final Owners owners;
        private ProcessorContext<byte[], byte[]> context;

        NotingProcessor(LedgerProcessor processor, Owners owners) {
            this.processor = processor;
            this.owners = owners;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> given) {
            context = given;
            processor.init(given);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            owners.decides(
                    context.taskId().partition(),
                    context.recordMetadata().orElseThrow().offset());
            processor.process(record);
        }

        @Override
        public void close() {
            processor.close();
        }
    }
}
