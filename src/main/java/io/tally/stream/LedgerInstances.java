package io.tally.stream;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.state.HostInfo;

/** Reads Kafka Streams' metadata. */
final class LedgerInstances {
    private LedgerInstances() {}

    /** The instances that have an address, by address. */
    static List<LedgerInstance> of(Collection<StreamsMetadata> metadata, String inputTopic) {
        return metadata.stream()
                .filter(instance -> !instance.hostInfo().equals(HostInfo.unavailable()))
                .map(instance -> new LedgerInstance(
                        new Instance(
                                        instance.hostInfo().host(),
                                        instance.hostInfo().port())
                                .address(),
                        partitions(instance.topicPartitions(), inputTopic),
                        partitions(instance.standbyTopicPartitions(), inputTopic)))
                .sorted(Comparator.comparing(LedgerInstance::address))
                .toList();
    }

    private static List<Integer> partitions(Set<TopicPartition> all, String inputTopic) {
        return all.stream()
                .filter(partition -> partition.topic().equals(inputTopic))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }
}
