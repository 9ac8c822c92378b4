package io.tally.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a sender sees of a ledger: each batch of commands answered in one transaction, as {@code tally} would. It rejects
 * amount 666, calls amount "bad" a dead letter, and answers a repeat with silence.
 */
final class FakeLedger implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<String> decided = new HashSet<>();
    private final Thread thread = new Thread(this::run, "fake-ledger");

    FakeLedger(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        "tally",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "max.poll.records",
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "fake-ledger", "linger.ms", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        consumer.subscribe(List.of("transactions-in"));
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofSeconds(1));
                if (!batch.isEmpty()) {
                    decide(batch);
                }
            }
        } catch (WakeupException e) {
            consumer.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void decide(ConsumerRecords<byte[], byte[]> batch) throws IOException {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            decide(record);
            next.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(next, consumer.groupMetadata());
        producer.commitTransaction();
    }

    private void decide(ConsumerRecord<byte[], byte[]> record) throws IOException {
        JsonNode command = JSON.readTree(record.value());
        String amount = command.path("amount").asText();
        if (amount.equals("bad")) {
            var letter = new ProducerRecord<>("transactions-dlq", record.key(), record.value());
            header(letter, "__streams.errors.partition", Integer.toString(record.partition()));
            header(letter, "__streams.errors.offset", Long.toString(record.offset()));
            header(letter, "tally.error.code", "invalid_amount");
            header(letter, "tally.error.detail", "amount is not a number");
            producer.send(letter);
        } else if (decided.add(
                command.path("user_id").asText() + "/" + command.path("uid").asText())) {
            boolean rejected = amount.equals("666");
            ObjectNode outcome = JSON.createObjectNode()
                    .put("uid", command.path("uid").asText())
                    .put("user_id", command.path("user_id").asText())
                    .put("status", rejected ? "REJECTED" : "ACCEPTED");
            if (rejected) {
                outcome.put("reason", "INSUFFICIENT_FUNDS");
            }
            outcome.putObject("source").put("partition", record.partition()).put("offset", record.offset());
            producer.send(new ProducerRecord<>(
                    "transactions-out", record.partition(), record.key(), JSON.writeValueAsBytes(outcome)));
        }
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
        producer.close();
    }
}
