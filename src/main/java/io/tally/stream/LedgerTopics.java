package io.tally.stream;

import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The names of the ledger's topics.
 *
 * @param input commands, keyed by user
 * @param output outcomes, keyed by user
 * @param deadLetters what could not be decided
 * @param journal the store's changelog, named as Kafka Streams expects it
 */
public record LedgerTopics(String input, String output, String deadLetters, String journal) {
    /** The timestamp type of an input whose commands the broker's clock dates. */
    static final String BROKERS_CLOCK = "LogAppendTime";

    /**
     * More bytes than any record has that is written to the input or the dead letters, its batch around it included: key, value
     * and headers that are kept of a record, and some 2 KiB with them.
     */
    static final int LARGEST_COPY = 80 << 10;

    /** More bytes than an outcome has; all of its fields are bounded. */
    static final int LARGEST_OUTCOME = 4 << 10;

    /** More bytes than a record of the journal has that takes one more entry just before it is full. */
    static final int LARGEST_JOURNAL_RECORD = 8 << 10;

    /** The name of the journal store. */
    static final String STORE = "ledger";

    /**
     * The names of a ledger.
     *
     * @param prefix goes before the names of input, output and dead letters; may be empty
     * @param applicationId the Kafka Streams application id, which the journal is named after
     */
    public static LedgerTopics of(String prefix, String applicationId) {
        return new LedgerTopics(
                prefix + "transactions-in",
                prefix + "transactions-out",
                prefix + "transactions-dlq",
                applicationId + "-" + STORE + "-changelog");
    }

    /** All four. */
    public List<String> names() {
        return List.of(input, output, deadLetters, journal);
    }

    /** At least as many bytes as the largest record has that is written to a topic. */
    int largestRecord(String topic) {
        if (topic.equals(output)) {
            return LARGEST_OUTCOME;
        }
        return topic.equals(journal) ? LARGEST_JOURNAL_RECORD : LARGEST_COPY;
    }

    /** The topics as a new ledger creates them. */
    List<Topic> toCreate(int minInSyncReplicas) {
        return List.of(
                        // Producers' clocks can be anywhere.
                        Topic.keptForEver(input).with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, BROKERS_CLOCK),
                        takingAnyTime(output),
                        takingAnyTime(deadLetters),
                        takingAnyTime(journal))
                .stream()
                .map(topic -> topic.with(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSyncReplicas)))
                .toList();
    }

    /** The input of a ledger whose commands are copied from another, with the times that they have there. */
    Topic inputForCopy(int minInSyncReplicas) {
        return takingAnyTime(input)
                .with(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime")
                .with(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSyncReplicas));
    }

    /** These records carry the time of the input's: one that was refused for its time would stop the partition. */
    private static Topic takingAnyTime(String name) {
        String unlimited = Long.toString(Long.MAX_VALUE);
        return Topic.keptForEver(name)
                .with(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, unlimited)
                .with(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, unlimited);
    }
}
