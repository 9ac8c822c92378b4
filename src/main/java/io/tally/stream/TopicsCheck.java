package io.tally.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the ledger's topics, makes those of a new ledger, and refuses topics that money cannot rest on. */
final class TopicsCheck {
    private static final Logger log = LoggerFactory.getLogger(TopicsCheck.class);
    private static final int DEFAULT_PARTITIONS = 4;
    /** From three replicas on, an acknowledged record must stand on two of them. */
    private static final int REPLICATED = 3;

    private final Admin admin;
    private final ClusterTopics cluster;
    private final LedgerTopics topics;
    private final StreamSettings.NewLedger wanted;

    TopicsCheck(Admin admin, LedgerTopics topics, StreamSettings.NewLedger wanted) {
        this.admin = admin;
        this.cluster = new ClusterTopics(admin);
        this.topics = topics;
        this.wanted = wanted;
    }

    /**
     * The topics' descriptions.
     *
     * @param mayBeNew whether this instance has no state; with state, topics that are not there were lost
     * @throws StartRefusedException if one of them is missing, or is not as the ledger needs it
     */
    FoundTopics findOrCreate(boolean mayBeNew) {
        Map<String, TopicDescription> described = describe();
        if (described.isEmpty() && mayBeNew) {
            create(topics.toCreate(wanted.minInSyncReplicas()));
            described = cluster.awaitCreated(topics.names(), topics.names().size());
        }
        FoundTopics found = existing(described);
        checks(found).forEach(Runnable::run);
        return found;
    }

    /**
     * Makes the input of a ledger whose commands are copied from another, and nothing else: no ledger starts on it.
     *
     * @throws StartRefusedException if it cannot be made, or somebody else has just made it
     */
    void createInputForCopy() {
        Topic input = topics.inputForCopy(wanted.minInSyncReplicas());
        try {
            AdminCalls.orThrow(admin.createTopics(List.of(toCreate(input))).all());
        } catch (ExecutionException e) {
            throw ClusterTopics.notCreated(input.name(), AdminCalls.error(e));
        }
        cluster.awaitCreated(topics.names(), 1);
    }

    /** Makes the other topics, and lets the broker's clock date the input's commands from now on. */
    void createOthersAfterCopy() {
        ConfigResource input = new ConfigResource(ConfigResource.Type.TOPIC, topics.input());
        AlterConfigOp brokersClock = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, LedgerTopics.BROKERS_CLOCK),
                AlterConfigOp.OpType.SET);
        AdminCalls.await(
                admin.incrementalAlterConfigs(Map.of(input, List.of(brokersClock)))
                        .all(),
                "that the broker's clock dates what comes to " + topics.input());
        create(topics.toCreate(wanted.minInSyncReplicas()).stream()
                .filter(topic -> !topic.name().equals(topics.input()))
                .toList());
        existing(cluster.awaitCreated(topics.names(), topics.names().size()));
    }

    /** Whether there is any of the topics. */
    boolean anyExists() {
        return !describe().isEmpty();
    }

    /** Why a start would be refused, all of it; makes nothing. */
    List<String> refusals() {
        List<String> refusals = new ArrayList<>();
        try {
            for (Runnable check : checks(existing(describe()))) {
                try {
                    check.run();
                } catch (StartRefusedException e) {
                    refusals.add(e.getMessage());
                }
            }
        } catch (StartRefusedException e) {
            refusals.add(e.getMessage());
        }
        return refusals;
    }

    /** Topics of which a broker that lacks acknowledged records may become leader; a start does not ask. */
    List<String> uncleanlyElecting() {
        return describe().keySet().stream()
                .filter(topic -> {
                    // Managed clusters hide some settings.
                    ConfigEntry unclean = cluster.config(topic).get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG);
                    return unclean != null && "true".equals(unclean.value());
                })
                .sorted()
                .toList();
    }

    /** Each throws {@link StartRefusedException} if what it looks at is not as it must be. */
    private List<Runnable> checks(FoundTopics found) {
        List<Runnable> checks = new ArrayList<>();
        checks.add(() -> refusePartitionCounts(found));
        found.all().forEach(topic -> checks.add(() -> refuseUnavailable(topic)));
        found.all().forEach(topic -> checks.add(() -> checkConfig(topic, cluster.config(topic.name()))));
        return checks;
    }

    private FoundTopics existing(Map<String, TopicDescription> described) {
        return new FoundTopics(
                existing(topics.input(), described),
                existing(topics.output(), described),
                existing(topics.deadLetters(), described),
                existing(topics.journal(), described));
    }

    private Map<String, TopicDescription> describe() {
        return cluster.describe(topics.names());
    }

    private NewTopic toCreate(Topic topic) {
        return topic.toCreate(partitions(), wanted.replication());
    }

    private int partitions() {
        return wanted.partitions() == null ? DEFAULT_PARTITIONS : wanted.partitions();
    }

    private void create(List<Topic> all) {
        List<NewTopic> created = all.stream().map(this::toCreate).toList();
        log.info("A new ledger: creating {} with {} partitions", topics.names(), partitions());
        cluster.create(created);
    }

    private static TopicDescription existing(String name, Map<String, TopicDescription> described) {
        TopicDescription topic = described.get(name);
        if (topic == null) {
            throw new StartRefusedException("Topic " + name + " is missing, and of the ledger there are the topics "
                    + described.keySet()
                    + " or local state. A ledger that lost a topic must not go on from nothing: bring the topic back from a backup,"
                    + " or start a new ledger under another TALLY_TOPIC_PREFIX and KAFKA_APPLICATION_ID.");
        }
        return topic;
    }

    private void refusePartitionCounts(FoundTopics found) {
        int partitions = found.partitionCount();
        for (TopicDescription topic : List.of(found.output(), found.journal())) {
            int count = topic.partitions().size();
            if (count != partitions) {
                throw new StartRefusedException("Topic " + topic.name() + " has " + count + " partitions and "
                        + topics.input() + " has "
                        + partitions + ". They must be the same: users would change their partition. Partitions cannot"
                        + " be taken away again: bring the topic back from a backup, or copy the input into a new ledger"
                        + " (tally copy).");
            }
        }
        if (wanted.partitions() != null && wanted.partitions() != partitions) {
            throw new StartRefusedException("TALLY_PARTITIONS is " + wanted.partitions() + " but " + topics.input()
                    + " has " + partitions + " partitions. Unset it or set it to " + partitions + ".");
        }
    }

    static void refuseUnavailable(TopicDescription topic) {
        for (TopicPartitionInfo partition : topic.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                throw new StartRefusedException("Partition " + partition.partition() + " of topic " + topic.name()
                        + " has no leader. Bring its brokers back first.");
            }
        }
    }

    private void checkConfig(TopicDescription topic, Config config) {
        String cleanup = ClusterTopics.value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (Set.of(cleanup.split(",")).contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new StartRefusedException(
                    "Topic " + topic.name() + " has cleanup.policy=" + cleanup
                            + ": compaction deletes records that the ledger consists of. Set cleanup.policy=delete and retention.ms=-1.");
        }
        refuseTimeLimits(topic, config);
        refuseSizeLimit(topic, config);
        int minInSync = Integer.parseInt(ClusterTopics.value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG));
        refuseTooFewReplicas(topic, minInSync);
        checkRetention(topic, config, cleanup);
    }

    /** What is written has the times of the input's records, which may be of long ago or, by a client's clock, of the future. */
    private void refuseTimeLimits(TopicDescription topic, Config config) {
        if (topic.name().equals(topics.input())) {
            refuseInputsTimeLimit(topic, config);
            return;
        }
        for (String name : List.of(
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG)) {
            String limit = ClusterTopics.value(config, name);
            if (!limit.equals(Long.toString(Long.MAX_VALUE))) {
                throw new StartRefusedException("Topic " + topic.name() + " has " + name + "=" + limit
                        + ": it could refuse what is written with the input's time, and nothing more would be decided."
                        + " Set message.timestamp.before.max.ms and message.timestamp.after.max.ms to "
                        + Long.MAX_VALUE + ".");
            }
        }
    }

    /**
     * A command in another partition than its user's is written again with the time that it has. A time of the future is no
     * matter: the broker has taken it when it was further ahead.
     */
    private void refuseInputsTimeLimit(TopicDescription topic, Config config) {
        String dated = ClusterTopics.value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        String limit = ClusterTopics.value(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
        if (!dated.equals(LedgerTopics.BROKERS_CLOCK) && !limit.equals(Long.toString(Long.MAX_VALUE))) {
            throw new StartRefusedException("Topic " + topic.name() + " has message.timestamp.type=" + dated + " and "
                    + "message.timestamp.before.max.ms=" + limit
                    + ": it could refuse a command that is brought to its user's partition with the time that it has, and"
                    + " nothing more would be decided. Set message.timestamp.before.max.ms to " + Long.MAX_VALUE
                    + ".");
        }
    }

    private void refuseSizeLimit(TopicDescription topic, Config config) {
        int largest = topics.largestRecord(topic.name());
        String limit = ClusterTopics.value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
        if (Long.parseLong(limit) < largest) {
            throw new StartRefusedException("Topic " + topic.name() + " has max.message.bytes=" + limit
                    + ", but what is written there may have " + largest
                    + ": it could refuse a record, and nothing more would be decided. Set max.message.bytes to "
                    + largest + " or more.");
        }
    }

    static void refuseTooFewReplicas(TopicDescription topic, int minInSync) {
        for (TopicPartitionInfo partition : topic.partitions()) {
            if (partition.replicas().size() >= REPLICATED && minInSync < 2) {
                throw new StartRefusedException(
                        "Topic " + topic.name() + " has " + partition.replicas().size()
                                + " replicas but min.insync.replicas=" + minInSync
                                + ": an acknowledged record could stand on one broker only. Set min.insync.replicas=2"
                                + " (TALLY_MIN_ISR for new topics).");
            }
            if (partition.isr().size() < minInSync) {
                throw new StartRefusedException("Partition " + partition.partition() + " of topic " + topic.name()
                        + " has " + partition.isr().size() + " replicas in sync and min.insync.replicas=" + minInSync
                        + ": nothing can be committed. Bring its brokers back, or lower min.insync.replicas.");
            }
        }
    }

    private void checkRetention(TopicDescription topic, Config config, String cleanup) {
        boolean finite =
                !ClusterTopics.value(config, TopicConfig.RETENTION_MS_CONFIG).equals("-1")
                        || !ClusterTopics.value(config, TopicConfig.RETENTION_BYTES_CONFIG)
                                .equals("-1");
        if (!finite || !Set.of(cleanup.split(",")).contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
            return;
        }
        if (topic.name().equals(topics.journal())) {
            throw new StartRefusedException(
                    "Topic " + topic.name() + " has finite retention, but balances are restored from"
                            + " it. Set retention.ms=-1 and retention.bytes=-1.");
        }
        log.warn(
                "Topic {} has finite retention: what it deletes can no longer be audited or replayed. Set retention.ms=-1",
                topic.name());
    }
}
