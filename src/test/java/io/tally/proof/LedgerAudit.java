package io.tally.proof;

import io.tally.proof.AuditCheck.Cut;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Audits a ledger from outside: takes the group's committed input offsets as the cut, reads the three topics
 * read-committed and compares them by {@link AuditCheck}. The ledger may be at work meanwhile, it may rest or be down.
 */
public final class LedgerAudit {
    /** @param group the consumer group whose committed offsets in the input are the cut */
    public record Topics(String input, String output, String deadLetters, String group) {}

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final String bootstrapServers;
    private final Topics topics;
    private final ReferenceModel.Settings settings;
    private final Duration timeout;

    /**
     * @param timeout for each wait: for transactions that are open at the cut to end, and for the next record to arrive
     */
    public LedgerAudit(String bootstrapServers, Topics topics, ReferenceModel.Settings settings, Duration timeout) {
        this.bootstrapServers = bootstrapServers;
        this.topics = topics;
        this.settings = settings;
        this.timeout = timeout;
    }

    /** Audits now. */
    public AuditReport run() {
        return check().report();
    }

    /**
     * Reads everything; afterwards the model can be asked for what look-ups must answer.
     *
     * @throws IllegalStateException if the log does not begin at offset 0, or the broker does not answer in time
     */
    public AuditCheck check() {
        try (Admin admin =
                Admin.create(Map.<String, Object>of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            List<TopicPartition> input = partitions(admin, topics.input);
            List<TopicPartition> output = partitions(admin, topics.output);
            List<TopicPartition> deadLetters = partitions(admin, topics.deadLetters);

            Map<Integer, Long> before = committed(admin);
            // What was written up to the cut can still await its commit marker, which is a write of its own.
            Map<TopicPartition, Long> inputEnd = stableEnd(admin, input);
            Map<TopicPartition, Long> outputEnd = stableEnd(admin, output);
            Map<TopicPartition, Long> deadLettersEnd = stableEnd(admin, deadLetters);
            Map<Integer, Long> after = committed(admin);

            AuditCheck check = new AuditCheck(settings, new Cut(before, after));
            read(inputEnd, record -> check.input(input(record)));
            read(outputEnd, record -> check.outcome(output(record)));
            read(deadLettersEnd, record -> check.deadLetter(output(record)));
            return check;
        }
    }

    private List<TopicPartition> partitions(Admin admin, String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private Map<Integer, Long> committed(Admin admin) {
        Map<Integer, Long> offsets = new TreeMap<>();
        ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        await(admin.listConsumerGroupOffsets(Map.of(topics.group, new ListConsumerGroupOffsetsSpec()), stable)
                        .partitionsToOffsetAndMetadata(topics.group))
                .forEach((partition, offset) -> {
                    if (partition.topic().equals(topics.input) && offset != null) {
                        offsets.put(partition.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    /** The last stable offsets, once they have passed the present end of the log, or after the timeout as they are. */
    private Map<TopicPartition, Long> stableEnd(Admin admin, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> written = ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<TopicPartition, Long> stable = ends(admin, partitions, IsolationLevel.READ_COMMITTED);
            boolean passed = written.entrySet().stream().allMatch(end -> stable.get(end.getKey()) >= end.getValue());
            if (passed || System.nanoTime() > deadline) {
                return stable;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Map<TopicPartition, Long> ends(Admin admin, Collection<TopicPartition> partitions, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> infos =
                await(admin.listOffsets(latest, new ListOffsetsOptions(level)).all());
        infos.forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    private void read(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.beginningOffsets(ends.keySet()).forEach((partition, offset) -> {
                if (offset != 0) {
                    throw new IllegalStateException(
                            "Expected all of " + partition + ", but it begins at offset " + offset);
                }
            });
            consumer.seekToBeginning(ends.keySet());
            long deadline = System.nanoTime() + timeout.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    deadline = System.nanoTime() + timeout.toNanos();
                    if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) {
                        sink.accept(record);
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Expected records up to " + ends + ", but none came any more");
                }
            }
        }
    }

    private static InputRecord input(ConsumerRecord<byte[], byte[]> record) {
        return new InputRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                text(record.headers().lastHeader(InputRecord.HOP_HEADER)));
    }

    private static OutputRecord output(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            String value = text(header);
            headers.put(header.key(), value == null ? "" : value);
        }
        return new OutputRecord(record.partition(), record.offset(), record.key(), record.value(), headers);
    }

    private static @Nullable String text(@Nullable Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected an answer of the broker, but was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Expected an answer of the broker, but got " + e, e);
        }
    }
}
