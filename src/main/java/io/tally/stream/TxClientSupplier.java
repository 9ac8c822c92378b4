package io.tally.stream;

import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Gives Kafka Streams the clients that know of our transactions. Thread-safe. */
final class TxClientSupplier implements KafkaClientSupplier {
    private final ClientParts parts;

    TxClientSupplier(ClientParts parts) {
        this.parts = parts;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new TxProducer(config, scope(config), parts);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new TxConsumer(config, scope(config), parts);
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
        return parts.transactions().scopeOfClient(String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG)));
    }
}
