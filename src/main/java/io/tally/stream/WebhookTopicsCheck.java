package io.tally.stream;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics of webhooks beside a ledger's own, new or not, and refuses those that they cannot rest on. */
final class WebhookTopicsCheck {
    private static final Logger log = LoggerFactory.getLogger(WebhookTopicsCheck.class);

    private final ClusterTopics cluster;
    private final WebhookTopics topics;

    WebhookTopicsCheck(Admin admin, WebhookTopics topics) {
        this.cluster = new ClusterTopics(admin);
        this.topics = topics;
    }

    void createMissing(String output) {
        TopicDescription ledger = existing(output, cluster.describe(List.of(output)));
        Map<String, TopicDescription> described = cluster.describe(topics.names());
        if (described.size() < topics.names().size()) {
            create(described, ledger);
            described = cluster.awaitCreated(topics.names(), topics.names().size());
        }
        for (String name : topics.names()) {
            check(existing(name, described), ledger);
        }
    }

    private void create(Map<String, TopicDescription> described, TopicDescription ledger) {
        int minInSync = minInSyncReplicas(cluster.config(ledger.name()));
        short replication = (short) ledger.partitions().get(0).replicas().size();
        List<NewTopic> missing = topics.toCreate(minInSync).stream()
                .filter(topic -> !described.containsKey(topic.name()))
                .map(topic -> topic.toCreate(partitions(topic.name(), ledger), replication))
                .toList();
        log.info(
                "Creating the topics of webhooks that are missing: {}",
                missing.stream().map(NewTopic::name).toList());
        cluster.create(missing);
    }

    private int partitions(String name, TopicDescription ledger) {
        return name.equals(topics.endpoints()) ? 1 : ledger.partitions().size();
    }

    private static TopicDescription existing(String name, Map<String, TopicDescription> described) {
        TopicDescription topic = described.get(name);
        if (topic == null) {
            throw new StartRefusedException("Topic " + name + " is missing. Look whether this client may see it.");
        }
        return topic;
    }

    private void check(TopicDescription topic, TopicDescription ledger) {
        int partitions = partitions(topic.name(), ledger);
        int count = topic.partitions().size();
        if (count != partitions) {
            throw new StartRefusedException("Topic " + topic.name() + " has " + count + " partitions, but must have "
                    + partitions
                    + (partitions == 1 ? ": changes of endpoints have one order." : " as " + ledger.name() + " has.")
                    + " Partitions cannot be taken away again: stop all instances, delete the topic, and it is made anew. "
                    + lost(topic.name()));
        }
        TopicsCheck.refuseUnavailable(topic);
        Config config = cluster.config(topic.name());
        String cleanup = ClusterTopics.value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartRefusedException("Topic " + topic.name() + " has cleanup.policy=" + cleanup
                    + ": what it holds would be deleted after a while, or kept for ever. Set cleanup.policy=compact.");
        }
        TopicsCheck.refuseTooFewReplicas(topic, minInSyncReplicas(config));
    }

    private String lost(String name) {
        if (name.equals(topics.endpoints())) {
            return "The endpoints must then be registered again.";
        }
        return name.equals(topics.progress())
                ? "Endpoints are then told again what they were told before."
                : "The dead deliveries are then gone.";
    }

    private static int minInSyncReplicas(Config config) {
        return Integer.parseInt(ClusterTopics.value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
    }
}
