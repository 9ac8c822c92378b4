package io.tally.stream;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.errors.StreamsStoppedException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Which instance has which partitions, as far as Kafka Streams has heard from its group. Thread-safe. */
final class Owners {
    private final KafkaStreams streams;
    private final @Nullable InstanceAddress self;
    private final String inputTopic;

    /**
     * What this instance hears.
     *
     * @param address {@code host:port} at which others reach this instance, or null when they cannot
     * @param inputTopic whose partitions are meant
     */
    Owners(KafkaStreams streams, @Nullable String address, String inputTopic) {
        this.streams = streams;
        this.self = address == null ? null : address(HostInfo.buildFromEndpoint(address));
        this.inputTopic = inputTopic;
    }

    private static InstanceAddress address(HostInfo host) {
        return new InstanceAddress(host.host(), host.port());
    }

    /** This instance, or null when others cannot reach it. */
    @Nullable
    InstanceAddress self() {
        return self;
    }

    /** The other instance that answers for a partition; null when it is this one, or nobody, or not known. */
    @Nullable
    InstanceAddress otherOwnerOf(int partition) {
        try {
            // An instance without an address, and a partition that nobody has, are both "unavailable".
            KeyQueryMetadata owner = streams.queryMetadataForKey(
                    LedgerTopics.STORE, partition, (topic, key, value, count) -> Optional.of(Set.of(partition)));
            if (owner == null || owner.activeHost().equals(HostInfo.unavailable())) {
                return null;
            }
            InstanceAddress address = address(owner.activeHost());
            return address.equals(self) ? null : address;
        } catch (IllegalStateException | StreamsNotStartedException | StreamsStoppedException e) {
            // It is starting or stopping, whichever way Kafka Streams says so.
            return null;
        }
    }

    /** The instances that have an address, by address; none while this one starts or stops. */
    List<LedgerInstance> all() {
        if (!streams.state().isRunningOrRebalancing()) {
            return List.of();
        }
        try {
            return read(streams.metadataForAllStreamsClients());
        } catch (IllegalStateException e) {
            // It stopped in between.
            return List.of();
        }
    }

    private List<LedgerInstance> read(Collection<StreamsMetadata> metadata) {
        return metadata.stream()
                .filter(client -> !client.hostInfo().equals(HostInfo.unavailable()))
                .map(client -> new LedgerInstance(
                        address(client.hostInfo()).hostAndPort(),
                        partitions(client.topicPartitions()),
                        partitions(client.standbyTopicPartitions())))
                .sorted(Comparator.comparing(LedgerInstance::address))
                .toList();
    }

    private List<Integer> partitions(Set<TopicPartition> all) {
        return all.stream()
                .filter(partition -> partition.topic().equals(inputTopic))
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }
}
