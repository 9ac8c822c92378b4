package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far the ledger's group has read the input. */
class GroupOffsets {
    private final Admin admin;
    private final String group;
    private final List<TopicPartition> input;

    GroupOffsets(Admin admin, String group, String inputTopic, int partitionCount) {
        this.admin = admin;
        this.group = group;
        this.input = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(inputTopic, partition))
                .toList();
    }

    /** The committed offsets, of those partitions that have one. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        AdminCalls.await(
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
                        "how far group " + group + " has read")
                .forEach((partition, offset) -> {
                    if (offset != null && input.contains(partition)) {
                        committed.put(partition, offset.offset());
                    }
                });
        return committed;
    }

    /** Commits the input's beginning for the partitions that have no offset: with none at all, a lost one would not show. */
    void commitBeginnings() {
        Map<TopicPartition, Long> committed = committed();
        Map<TopicPartition, OffsetAndMetadata> missing = new HashMap<>();
        beginnings().forEach((partition, beginning) -> {
            if (!committed.containsKey(partition)) {
                missing.put(partition, new OffsetAndMetadata(beginning));
            }
        });
        if (missing.isEmpty()) {
            return;
        }
        try {
            AdminCalls.orThrow(admin.alterConsumerGroupOffsets(group, missing).all());
        } catch (ExecutionException e) {
            // Another instance of the new ledger was quicker and its group is active: then it has committed them.
            if (committed().size() != input.size()) {
                throw new StartRefusedException(
                        "The first offsets of group " + group + " could not be committed", AdminCalls.error(e));
            }
        }
    }

    /**
     * Compares the committed offsets with the input.
     *
     * @throws StartRefusedException if one is missing or lies outside of its partition
     */
    void refuseLost() {
        Map<TopicPartition, Long> committed = committed();
        Map<TopicPartition, Long> beginnings = beginnings();
        Map<TopicPartition, Long> ends = ends();
        for (TopicPartition partition : input) {
            Long offset = committed.get(partition);
            if (offset == null) {
                throw new StartRefusedException("Group " + group + " has no committed offset for " + partition
                        + ", but the ledger is in use. Replaying is safe, as decided uids are recognised (dead letters come"
                        + " again): kafka-consumer-groups.sh --group " + group + " --topic " + partition.topic()
                        + " --reset-offsets --to-earliest --execute.");
            }
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            if (offset < beginning || offset > end) {
                throw new StartRefusedException("The committed offset " + offset + " of " + partition
                        + " lies outside of its records, " + beginning + " to " + end
                        + ": input was lost or deleted before it was decided. Bring the topic back from a backup.");
            }
        }
    }

    /** Whether a topic was never written to. */
    boolean isEmpty(TopicDescription topic) {
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
        return offsets(partitions, OffsetSpec.latest()).values().stream().allMatch(end -> end == 0);
    }

    /** The first offset of each partition of the input. */
    Map<TopicPartition, Long> beginnings() {
        return offsets(input, OffsetSpec.earliest());
    }

    /** The offset behind the last record of each partition of the input. */
    Map<TopicPartition, Long> ends() {
        return offsets(input, OffsetSpec.latest());
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        AdminCalls.await(admin.listOffsets(wanted).all(), "where the topics begin and end")
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }
}
