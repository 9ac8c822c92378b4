package io.tally.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/** What people and machines do to the topics and groups of a ledger that is at rest. */
public record Accidents(Admin admin) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);

    /** Makes a topic as an operator does by hand, who has read the documentation. */
    public void create(String topic, int partitions) {
        String unlimited = Long.toString(Long.MAX_VALUE);
        Map<String, String> documented = Map.of(
                "retention.ms",
                "-1",
                "retention.bytes",
                "-1",
                "message.timestamp.before.max.ms",
                unlimited,
                "message.timestamp.after.max.ms",
                unlimited);
        done(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(documented)))
                .all());
        await(() -> exists(topic));
    }

    public void delete(String topic) {
        done(admin.deleteTopics(List.of(topic)).all());
        await(() -> !exists(topic));
    }

    private boolean exists(String topic) {
        return get(admin.listTopics().names()).contains(topic);
    }

    /** Deletes a topic and makes another one of the same name. */
    public void remake(String topic, int partitions) {
        delete(topic);
        create(topic, partitions);
    }

    public void addPartitions(String topic, int partitions) {
        done(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all());
        await(() -> get(admin.describeTopics(List.of(topic)).allTopicNames())
                        .get(topic)
                        .partitions()
                        .size()
                == partitions);
    }

    public void configure(String topic, String key, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        done(admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
        await(() -> get(admin.describeConfigs(List.of(resource)).all())
                .get(resource)
                .get(key)
                .value()
                .equals(value));
    }

    /** Brokers hear of what the controller did a little later. */
    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(POLL).until(condition);
    }

    /** Deletes the records before an offset. */
    public void deleteRecords(TopicPartition partition, long before) {
        done(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                .all());
    }

    public void commit(String group, TopicPartition partition, long offset) {
        done(admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                .all());
    }

    public void forget(String group, Set<TopicPartition> partitions) {
        done(admin.deleteConsumerGroupOffsets(group, partitions).all());
    }

    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    private static void done(KafkaFuture<Void> answer) {
        assertThat(get(answer)).isNull();
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Expected the broker to do as it is told", e);
        }
    }
}
