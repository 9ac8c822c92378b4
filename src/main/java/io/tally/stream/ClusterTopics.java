package io.tally.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The cluster's topics, as a start asks for them and makes them. */
record ClusterTopics(Admin admin) {
    private static final Duration PROPAGATION = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(50);

    /** Those of these topics that there are, by name. */
    Map<String, TopicDescription> describe(Collection<String> names) {
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin.describeTopics(names).topicNameValues();
        Map<String, TopicDescription> found = new HashMap<>();
        answers.forEach((name, answer) -> {
            try {
                found.put(name, AdminCalls.orThrow(answer));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new StartRefusedException("Kafka did not describe topic " + name, AdminCalls.error(e));
                }
            }
        });
        return found;
    }

    /** Makes topics, but for those that another instance makes at the same time. */
    void create(List<NewTopic> topics) {
        admin.createTopics(topics).values().forEach((name, answer) -> {
            try {
                AdminCalls.orThrow(answer);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw notCreated(name, AdminCalls.error(e));
                }
            }
        });
    }

    static StartRefusedException notCreated(String name, Throwable error) {
        return new StartRefusedException(
                "Topic " + name + " cannot be created: " + error.getMessage()
                        + ". Check TALLY_REPLICATION, TALLY_MIN_ISR and TALLY_PARTITIONS against the cluster.",
                error);
    }

    /** The same as {@link #describe}, once so many are there: a broker may hear of them a little after the controller. */
    Map<String, TopicDescription> awaitCreated(Collection<String> names, int count) {
        long deadline = System.nanoTime() + PROPAGATION.toNanos();
        Map<String, TopicDescription> described = describe(names);
        while (described.size() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(RETRY.toNanos());
            described = describe(names);
        }
        return described;
    }

    Config config(String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        KafkaFuture<Config> config =
                admin.describeConfigs(List.of(resource)).values().get(resource);
        return AdminCalls.await(
                Objects.requireNonNull(config, "Admin answers what it is asked"),
                "how topic " + name + " is configured");
    }

    static String value(Config config, String key) {
        return config.get(key).value();
    }
}
