package io.tally.stream;

import java.util.Map;
import org.apache.kafka.common.KafkaException;

/**
 * The journal as it was when this process began. Thread-safe.
 *
 * <p>Rule: no partition becomes this process's from another topic of its name. A standby is not looked at before. Kafka Streams makes a journal that is missing at any
 * rebalance, and takes a store for restored that is not behind its end, an empty one included. The ledger would go on from
 * nothing, or from an old copy, and decide every uid again. The checks at start look only when a process starts.
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
     * @throws KafkaException if the journal is gone or another one, or if the brokers do not answer within 5 s
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
