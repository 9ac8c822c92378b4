package io.tally.stream;

import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * The journal as it was when this process began. Thread-safe.
 *
 * <p>Rule: this process takes over a partition only if the journal still has the topic id that it had at the start. Kafka Streams
 * makes a missing journal again at any rebalance, and takes a store that is not behind the journal's end for restored, an empty
 * one included. The ledger would go on from nothing, or from an old copy, and decide every uid again; the checks at start look
 * only once. A standby is not checked until it becomes active.
 *
 * @param kafka client settings
 * @param topic the journal's name
 * @param partitions how many it has
 * @param topicId its id, as Kafka writes it
 */
record JournalWatch(Map<String, String> kafka, String topic, int partitions, String topicId) {
    /**
     * Looks at the cluster.
     *
     * @throws KafkaException if the journal is gone or another one, or if the brokers do not answer in time
     */
    void requireSame() {
        String found = TopicIdentity.of(kafka, topic, partitions).toString();
        if (!found.equals(topicId)) {
            throw new KafkaException("Expected the journal " + topic + " with the id " + topicId
                    + ", but it was made again and has " + found
                    + ": the ledger would decide everything once more. Bring the journal back from a backup.");
        }
    }
}
