package io.tally.chaos;

import io.tally.audit.AuditReport;
import io.tally.audit.AuditSettings;
import io.tally.audit.AuditedTopics;
import io.tally.audit.History;
import io.tally.audit.LedgerAudit;
import io.tally.audit.LogRecord;
import io.tally.audit.Records;
import io.tally.audit.ReferenceModel;
import io.tally.faults.LedgerCluster;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** All that the chaos run knows of the independent audit and its model. */
final class Auditor {
    /**
     * What an audit of the whole ledger found.
     *
     * @param violations one line each; none when all is well
     */
    record Verdict(Map<String, Long> counts, List<String> violations) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String bootstrapServers;
    private final AuditedTopics topics;
    private final AuditSettings settings = Records.settings(LedgerCluster.PARTITIONS);

    Auditor(String bootstrapServers, String topicPrefix, String group) {
        this.bootstrapServers = bootstrapServers;
        this.topics = new AuditedTopics(
                topicPrefix + "transactions-in",
                topicPrefix + "transactions-out",
                topicPrefix + "transactions-dlq",
                group);
    }

    /** The partition that a user's commands belong to. */
    static int partition(String user) {
        return ReferenceModel.partition(user, LedgerCluster.PARTITIONS);
    }

    /** Compares all that was decided with the model; the ledger may be at work. */
    Verdict audit() {
        try (LedgerAudit audit = new LedgerAudit(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                topics,
                settings,
                LedgerAudit.Scope.all(),
                PATIENCE)) {
            audit.read((read, of) -> {});
            AuditReport report = audit.report();
            return new Verdict(
                    report.counts().byLabel(),
                    report.findings().stream()
                            .map(AuditReport.Finding::toString)
                            .toList());
        }
    }

    /**
     * A history that knows only the users whose names begin like this, from input at these offsets up to its present end. No
     * command of theirs may stand before.
     */
    History history(Map<TopicPartition, Long> from, String prefix) {
        History history = new History(settings);
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(from.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
            from.forEach(consumer::seek);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key() != null && text(record.key()).startsWith(prefix)) {
                        history.apply(LogRecord.of(record));
                    }
                }
            }
        }
        return history;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
