package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The names of the topics that webhooks live in. All are compacted: the latest record of a key is what holds.
 *
 * @param endpoints who is told, keyed by endpoint; one partition, so that changes have one order
 * @param progress how far each endpoint was told; the partitions of the output
 * @param dead what could not be delivered; the partitions of the output
 */
public record WebhookTopics(String endpoints, String progress, String dead) {
    /** Progress is written all the time: what is compacted is small, and so is what is read again at a start. */
    private static final Map<String, String> COMPACTED = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(8 << 20),
            // Only ended segments are compacted. A secret that signs no more is left out of its endpoint's next record;
            // the one before goes when both segments have ended.
            TopicConfig.SEGMENT_MS_CONFIG,
            "3600000",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1");

    /**
     * The names of a ledger's topics.
     *
     * @param prefix goes before each; may be empty
     */
    public static WebhookTopics of(String prefix) {
        return new WebhookTopics(prefix + "webhook-endpoints", prefix + "webhook-progress", prefix + "webhook-dead");
    }

    /**
     * Makes those that are missing, with the partitions, the replicas and the {@code min.insync.replicas} of the ledger's
     * output; the endpoints have one partition. Several instances may do so at the same time.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param output the ledger's output, which must be there
     * @throws StartRefusedException if one of them is not as it must be
     */
    public void createMissing(Map<String, String> kafka, String output) {
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            new WebhookTopicsCheck(admin, this).createMissing(output);
        }
    }

    /** All three. */
    public List<String> names() {
        return List.of(endpoints, progress, dead);
    }

    /** The topics as they are made. */
    List<Topic> toCreate(int minInSyncReplicas) {
        return names().stream()
                .map(name -> new Topic(name, COMPACTED)
                        .with(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSyncReplicas)))
                .toList();
    }
}
