package io.tally.stream;

import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Gives Kafka Streams the clients that know of our transactions. Thread-safe. */
final class TxClientSupplier implements KafkaClientSupplier {
    private final ThreadTransactions transactions;
    private final LedgerTopics topics;
    private final UserPartitions partitions;
    private final java.util.function.Consumer<Collection<TopicPartition>> beforeRestore;
    private final GroupLease lease;
    private final InputProgress progress;
    private final FailStop failStop;

    TxClientSupplier(
            ThreadTransactions transactions,
            LedgerTopics topics,
            UserPartitions partitions,
            java.util.function.Consumer<Collection<TopicPartition>> beforeRestore,
            GroupLease lease,
            InputProgress progress,
            FailStop failStop) {
        this.transactions = transactions;
        this.topics = topics;
        this.partitions = partitions;
        this.beforeRestore = beforeRestore;
        this.lease = lease;
        this.progress = progress;
        this.failStop = failStop;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new TxProducer(config, scope(config), transactions, topics, partitions, failStop);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new TxConsumer(config, scope(config), beforeRestore, failStop, lease, progress);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        throw new UnsupportedOperationException("Expected no global stores, but one was asked for");
    }

    private TxScope scope(Map<String, Object> config) {
        return transactions.scopeOfClient(String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG)));
    }
}
