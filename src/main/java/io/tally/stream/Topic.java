package io.tally.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of the ledger, as it is created.
 *
 * @param name its name in the cluster
 * @param config its settings where they are not the broker's
 */
record Topic(String name, Map<String, String> config) {
    /** Records are never deleted or compacted away: the ledger is what they say. */
    private static final Map<String, String> KEPT_FOR_EVER = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG, "-1",
            TopicConfig.RETENTION_BYTES_CONFIG, "-1");

    static Topic keptForEver(String name) {
        return new Topic(name, KEPT_FOR_EVER);
    }

    Topic with(String key, String value) {
        Map<String, String> more = new HashMap<>(config);
        more.put(key, value);
        return new Topic(name, Map.copyOf(more));
    }

    NewTopic toCreate(int partitions, short replication) {
        return new NewTopic(name, partitions, replication).configs(config);
    }
}
