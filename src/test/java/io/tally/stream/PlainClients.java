package io.tally.stream;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Settings of a consumer and a producer that are tuned as a stream thread's are, for programs without Kafka Streams. */
public record PlainClients(String bootstrapServers, String group) {
    public Map<String, Object> consumer() {
        Map<String, Object> config = streams().getMainConsumerConfigs(group, group, 0);
        // What is left belongs to Kafka Streams, whose assignor cannot do without it.
        config.keySet().retainAll(ConsumerConfig.configNames());
        config.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        // Who commits after each poll has transactions as large as the ledger's.
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, TxConsumer.LARGE_TRANSACTION);
        return config;
    }

    public Map<String, Object> producer() {
        Map<String, Object> config = streams().getProducerConfigs(group);
        config.keySet().retainAll(ProducerConfig.configNames());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
        return config;
    }

    private StreamsConfig streams() {
        return StreamsProperties.of(new StreamSettings(
                Map.of("bootstrap.servers", bootstrapServers),
                group,
                "",
                Path.of(""),
                null,
                group,
                1,
                0,
                0,
                0,
                new StreamSettings.NewLedger(null, (short) 1, 1, "USD", false)));
    }
}
