package io.tally.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** How far topics and groups are. Brokers that are away make {@link Away}. */
record Offsets(Admin admin, int partitions) {
    static final class Away extends RuntimeException {
        private Away(Exception cause) {
            super(cause);
        }
    }

    private static final long PATIENCE_S = 5;

    Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        await(admin.listOffsets(latest).all()).forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    long end(String topic) {
        return ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    /** How many records of the topic the group has not committed yet; up to one marker per partition counts as well. */
    long lag(String topic, String group) {
        Map<TopicPartition, Long> ends = ends(topic);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue()
                        - (committed.containsKey(end.getKey())
                                ? committed.get(end.getKey()).offset()
                                : 0))
                .sum();
    }

    /** Whether the group has committed these offsets; behind the last record there may be a marker that nobody commits. */
    boolean haveReached(String group, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        return offsets.entrySet().stream()
                .allMatch(end -> committed.get(end.getKey()).offset() >= end.getValue() - 1);
    }

    /** The names of the group's static members. */
    List<String> members(String group) {
        return await(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().stream()
                .map(member -> member.groupInstanceId().orElse(""))
                .toList();
    }

    static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Away(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new Away(e);
        }
    }
}
