package io.tally.dev;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain Kafka clients for the first partition of one topic. */
record TestClients(String bootstrapServers, String topic) {
    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    void createTopic() throws Exception {
        createTopic(1);
    }

    void createTopic(int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    KafkaProducer<String, String> producer() {
        return producer("test", Duration.ofMinutes(1));
    }

    KafkaProducer<String, String> producer(String transactionalId, Duration expiry) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "transactional.id", transactionalId,
                        "transaction.timeout.ms", (int) expiry.toMillis()),
                new StringSerializer(),
                new StringSerializer());
    }

    void commit(KafkaProducer<String, String> producer, String... values) {
        producer.beginTransaction();
        Stream.of(values).forEach(value -> producer.send(new ProducerRecord<>(topic, value)));
        producer.commitTransaction();
    }

    void commit(String... values) {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.initTransactions();
            commit(producer, values);
        }
    }

    /**
     * Sends in a transaction that nobody will end.
     *
     * @param expiry how long the broker leaves it open
     */
    void leaveOpen(String transactionalId, Duration expiry, String value) throws Exception {
        KafkaProducer<String, String> producer = producer(transactionalId, expiry);
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, value)).get();
        producer.close(Duration.ZERO);
    }

    /** Every committed value, from the start to the end as it is now. */
    List<String> committed() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    /** Whether what is committed reaches up to the end of what is written. */
    boolean nothingIsOpen() throws Exception {
        try (Admin admin = admin()) {
            return end(admin, IsolationLevel.READ_COMMITTED).offset()
                    == end(admin, IsolationLevel.READ_UNCOMMITTED).offset();
        }
    }

    /** How often the topic's leader was elected. */
    int leaderEpoch() throws Exception {
        try (Admin admin = admin()) {
            return end(admin, IsolationLevel.READ_UNCOMMITTED).leaderEpoch().orElseThrow();
        }
    }

    private ListOffsetsResultInfo end(Admin admin, IsolationLevel isolation) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get();
    }
}
