package io.tally.stream;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides about this instance and, at its first start, about the ledger.
 *
 * @param kafka Kafka client and Streams settings, {@code bootstrap.servers} among them; those that exactly-once rests on
 *     are ignored here
 * @param applicationId the consumer group and the prefix of transactional ids and internal topics
 * @param topicPrefix goes before the topics' names; may be empty
 * @param stateDirectory where the stores are; one instance each
 * @param applicationServer {@code host:port} at which other instances reach this one, or null
 * @param groupInstanceId this instance's static member id: it keeps its partitions through a restart
 * @param streamThreads how many partitions are decided in parallel, at least 1
 * @param standbyReplicas how many other instances keep a copy of each store, from 0
 * @param storeMemoryBytes bound of RocksDB's caches and memtables in the process
 * @param minFreeDiskBytes what must be free on the disk of the stores for the instance to be ready; 0 for no such floor
 * @param ledger what a new ledger starts with; of its partitions null takes those of the one that exists
 */
public record StreamSettings(
        Map<String, String> kafka,
        String applicationId,
        String topicPrefix,
        Path stateDirectory,
        @Nullable String applicationServer,
        String groupInstanceId,
        int streamThreads,
        int standbyReplicas,
        long storeMemoryBytes,
        long minFreeDiskBytes,
        NewLedger ledger) {

    /**
     * What a ledger is created with. Later starts must name the same; only partitions may be left out.
     *
     * @param partitions of the input, or null for the existing topic's count and 4 in a new ledger
     * @param replication of the topics
     * @param minInSyncReplicas of the topics
     * @param defaultCurrency of commands that name none
     * @param registrationRequired whether users must be opened before they are deposited to
     */
    public record NewLedger(
            @Nullable Integer partitions,
            short replication,
            int minInSyncReplicas,
            String defaultCurrency,
            boolean registrationRequired) {}

    public StreamSettings {
        kafka = FixedSettings.without(kafka);
    }

    /** The topics that follow from prefix and application id. */
    public LedgerTopics topics() {
        return LedgerTopics.of(topicPrefix, applicationId);
    }
}
