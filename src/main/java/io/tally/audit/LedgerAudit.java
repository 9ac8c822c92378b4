package io.tally.audit;

import io.tally.audit.AuditCheck.AccountState;
import io.tally.audit.Result.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Audits a ledger from outside: takes the group's committed input offsets as the cut, reads the three topics read-committed
 * and compares them by {@link AuditCheck}. The ledger may be at work meanwhile, it may rest or be down. A partition's input and
 * outcomes are read by one thread, so that neither runs far ahead; there are as many threads as processors.
 *
 * <p>Every call throws Kafka's {@code TimeoutException} when the brokers do not answer, another {@code KafkaException} when they
 * refuse, and {@link AuditRefusedException} when the ledger cannot be audited now, as while a transaction stays open.
 */
public final class LedgerAudit implements AutoCloseable {
    /** Hears how far the reading has come, in records. */
    public interface Progress {
        void read(long records, long of);
    }

    /** How many records one side of a partition may be ahead of the other. */
    private static final int MAX_AHEAD = 10_000;

    /** Bytes of heap for a command: what {@link UidTable} needs while it grows, and a share of the users. */
    private static final long BYTES_PER_COMMAND = 150;

    private static final long FIXED_BYTES = 200L << 20;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final AuditedTopics topics;
    private final Cluster cluster;
    private final Set<Integer> audited;
    private final AuditCheck check;
    private final List<TopicPartition> input;
    private final List<TopicPartition> output;
    private final List<TopicPartition> deadLetters;
    private final List<PartitionReader> readers = new ArrayList<>();
    private final Map<TopicPartition, Long> lookedThrough = new HashMap<>();
    private final Map<String, Object> connection;
    private final Duration timeout;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * @param partitions the ones to audit; none means all
     * @param listener hears of every outcome that must be, from several threads, in order per partition
     * @param maxFindings how many violations are kept, beside the first of each kind
     */
    public record Scope(Set<Integer> partitions, Consumer<Outcome> listener, int maxFindings) {
        public static Scope all() {
            return new Scope(Set.of(), outcome -> {}, 20);
        }
    }

    /**
     * @param connection client settings
     * @param timeout for each wait: for transactions that are open at the cut to end, and for the next record to arrive
     * @throws AuditRefusedException if there is no such ledger, or not all of it
     */
    public LedgerAudit(
            Map<String, Object> connection,
            AuditedTopics topics,
            AuditSettings settings,
            Scope scope,
            Duration timeout) {
        this.connection = connection;
        this.topics = topics;
        this.timeout = timeout;
        this.cluster = new Cluster(connection, timeout);
        this.audited = new TreeSet<>(scope.partitions);
        List<TopicPartition> all = cluster.partitions(topics.input());
        if (all.size() != settings.partitions()
                || cluster.partitions(topics.output()).size() != settings.partitions()) {
            throw new AuditRefusedException("The ledger was made with " + settings.partitions() + " partitions, but "
                    + topics.input() + " or " + topics.output() + " has another number of them.");
        }
        all.stream()
                .map(TopicPartition::partition)
                .filter(partition -> scope.partitions.isEmpty())
                .forEach(audited::add);
        for (int partition : audited) {
            if (partition < 0 || partition >= settings.partitions()) {
                throw new AuditRefusedException("The ledger has no partition " + partition + ": they are 0 to "
                        + (settings.partitions() - 1) + ".");
            }
        }
        this.input = audited.stream()
                .map(partition -> new TopicPartition(topics.input(), partition))
                .toList();
        this.output = audited.stream()
                .map(partition -> new TopicPartition(topics.output(), partition))
                .toList();
        this.deadLetters = cluster.partitions(topics.deadLetters());
        cluster.requireWhole(all());
        this.check = new AuditCheck(settings, audited, scope.listener, scope.maxFindings);
    }

    private List<TopicPartition> all() {
        return Stream.of(input, output, deadLetters).flatMap(List::stream).toList();
    }

    /** Reads up to where the ledger is now, and judges that. Can be called again, to read on. */
    public void read(Progress progress) {
        Map<Integer, Long> before = committed();
        Map<TopicPartition, Long> ends = new HashMap<>(cluster.stableEnds(output));
        ends.putAll(cluster.stableEnds(deadLetters));
        // Last: a copy whose dead letter is read must be found, and a ledger at work may have written it just now.
        Map<TopicPartition, Long> inputEnds = cluster.stableEnds(input);
        requireHeap(
                before.values().stream().mapToLong(Long::longValue).sum(),
                Runtime.getRuntime().maxMemory());
        Cut cut = new Cut(before, committed());
        for (TopicPartition partition : input) {
            long committed = before.getOrDefault(partition.partition(), 0L);
            if (committed > inputEnds.getOrDefault(partition, 0L)) {
                throw new AuditRefusedException("The committed offset " + committed + " of " + partition
                        + " lies beyond the end of the input, " + inputEnds.get(partition) + ": input was lost.");
            }
            ends.put(partition, committed);
        }
        check.cut(cut);
        readAll(ends, progress);
        if (check.isUnsettled()) {
            readBeyond(cut, inputEnds);
        }
        check.settle();
    }

    private Map<Integer, Long> committed() {
        Map<Integer, Long> committed = cluster.committed(topics.group(), topics.input());
        if (committed.isEmpty()) {
            throw new AuditRefusedException("The group " + topics.group() + " has no committed offsets in "
                    + topics.input() + ". Set KAFKA_APPLICATION_ID to the name of the ledger.");
        }
        committed.keySet().retainAll(audited);
        return committed;
    }

    /**
     * By the input, as each record of it may take a place, and whatever was lost, it is what the audit goes through. Not by
     * the outcomes: they may be what is lost, and each commit leaves a marker among them.
     */
    static void requireHeap(long records, long heap) {
        long needed = records * BYTES_PER_COMMAND + FIXED_BYTES;
        if (needed > heap) {
            throw new AuditRefusedException(
                    "For " + records + " input records the audit may need a heap of " + (needed >> 20)
                            + " MiB, but has " + (heap >> 20)
                            + ". Set TALLY_JAVA_OPTS=-Xmx" + (needed >> 20)
                            + "m, or audit some partitions at a time with --partition.");
        }
    }

    private void readAll(Map<TopicPartition, Long> ends, Progress progress) {
        if (readers.isEmpty()) {
            int count = Math.min(Runtime.getRuntime().availableProcessors(), audited.size());
            for (int i = 0; i < count; i++) {
                int share = i;
                List<TopicPartition> partitions = all().stream()
                        .filter(partition -> partition.partition() % count == share)
                        .toList();
                readers.add(new PartitionReader(connection, partitions, timeout));
            }
        }
        LongAdder read = new LongAdder();
        long of = ends.values().stream().mapToLong(Long::longValue).sum();
        List<? extends Future<?>> parts = readers.stream()
                .map(reader -> threads.submit(() -> reader.read(ends, this::isAhead, this::give, this::end, read)))
                .toList();
        parts.forEach(part -> await(part, () -> progress.read(read.sum(), of)));
    }

    private boolean isAhead(TopicPartition partition) {
        if (partition.topic().equals(topics.input())) {
            return check.expectedBacklog(partition.partition()) > MAX_AHEAD;
        }
        // Dead letters wait for the input of any partition, but only while some is left that the same thread reads.
        return partition.topic().equals(topics.output())
                ? check.writtenBacklog(partition.partition()) > MAX_AHEAD
                : check.deadLetterBacklog() > MAX_AHEAD;
    }

    private void end(TopicPartition partition) {
        if (partition.topic().equals(topics.input())) {
            check.inputEnds(partition.partition());
        } else if (partition.topic().equals(topics.output())) {
            check.outcomesEnd(partition.partition());
        }
    }

    private void give(LogRecord record) {
        if (record.topic().equals(topics.input())) {
            check.input(record);
        } else if (record.topic().equals(topics.output())) {
            check.outcome(record);
        } else {
            check.deadLetter(record);
        }
    }

    /** Looks for copies behind the cut, of what was not looked through in earlier rounds. */
    private void readBeyond(Cut cut, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> decided = new HashMap<>();
        Map<TopicPartition, Long> after = new HashMap<>();
        for (TopicPartition partition : input) {
            long end = ends.getOrDefault(partition, 0L);
            decided.put(partition, cut.before().getOrDefault(partition.partition(), 0L));
            after.put(partition, Math.min(end, cut.after().getOrDefault(partition.partition(), 0L)));
            lookedThrough.merge(partition, after.getOrDefault(partition, 0L), Math::max);
        }
        try (PartitionReader reader = new PartitionReader(connection, input, timeout)) {
            reader.skipTo(decided);
            reader.read(after, partition -> false, check::beyond, partition -> {}, new LongAdder());
            reader.skipTo(lookedThrough);
            reader.read(ends, partition -> false, check::beyond, partition -> {}, new LongAdder());
        }
        lookedThrough.putAll(ends);
    }

    private static void await(Future<?> part, Runnable meanwhile) {
        while (true) {
            try {
                part.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                meanwhile.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AuditRefusedException("The audit was interrupted", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("Expected to read to the end, but got " + e.getCause(), e);
            }
        }
    }

    /** Whether nothing wrong was found so far. */
    public boolean isClean() {
        return check.isClean();
    }

    /** How many records of each kind there were so far. */
    public AuditCounts counts() {
        return check.counts();
    }

    /** Sums up what was read. */
    public AuditReport report() {
        return check.report();
    }

    /** Visits every account that something was decided for, as it is at the cut. */
    public void accounts(Consumer<AccountState> visitor) {
        check.accounts(visitor);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        if (haveStopped()) {
            readers.forEach(PartitionReader::close);
        }
        cluster.close();
    }

    /** Whether nobody reads any more: a consumer in use must not be closed. */
    private boolean haveStopped() {
        try {
            return threads.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
