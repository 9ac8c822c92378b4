package io.tally.app.send;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.gateway.ConsumerSettings;
import io.tally.gateway.ConsumerSettings.LostPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the ledger writes from now on: outcomes and dead letters, committed ones only. Confined to one thread. */
final class Answers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was read, in the order of each partition. */
    sealed interface Read {
        record Outcome(String userId, String uid, int sourcePartition, long sourceOffset, Answer answer)
                implements Read {}

        record DeadLetter(int sourcePartition, long sourceOffset, Answer answer) implements Read {}
    }

    private final Target target;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Stands at the end of both topics when it returns: what is sent afterwards is answered behind it. */
    Answers(Target target) {
        this.target = target;
        Map<String, Object> settings = ConsumerSettings.committed(target.connection(), LostPlace.GO_ON);
        // The default of 500 would make a round trip of every few milliseconds of outcomes.
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(target.output(), target.deadLetters())) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // seekToEnd is lazy; asking for the position carries it out.
        partitions.forEach(consumer::position);
    }

    List<TopicPartition> partitions() {
        return List.copyOf(consumer.assignment());
    }

    /** Whether everything before these offsets was read. */
    boolean reached(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    List<Read> poll(Duration timeout) {
        List<Read> read = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            if (record.topic().equals(target.output())) {
                read.add(outcome(record));
            } else {
                deadLetter(record, read);
            }
        }
        return read;
    }

    private static Read outcome(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode outcome = JSON.readTree(record.value());
            String json = new String(record.value(), StandardCharsets.UTF_8);
            Answer answer = outcome.path("status").asText().equals("ACCEPTED")
                    ? new Answer.Accepted(json)
                    : new Answer.Rejected(outcome.path("reason").asText("unknown"), json);
            JsonNode source = outcome.path("source");
            return new Read.Outcome(
                    outcome.path("user_id").asText(),
                    outcome.path("uid").asText(),
                    source.path("partition").asInt(-1),
                    source.path("offset").asLong(-1),
                    answer);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected an outcome at " + record.topic() + "-" + record.partition() + " offset " + record.offset()
                            + ", but it is not JSON",
                    e);
        }
    }

    /** A dead letter without a source, from an older or another producer, is of no command that we sent. */
    private static void deadLetter(ConsumerRecord<byte[], byte[]> record, List<Read> read) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        String partition = headers.getOrDefault("__streams.errors.partition", "");
        String offset = headers.getOrDefault("__streams.errors.offset", "");
        if (partition.matches("\\d{1,9}") && offset.matches("\\d{1,18}")) {
            read.add(new Read.DeadLetter(
                    Integer.parseInt(partition),
                    Long.parseLong(offset),
                    new Answer.DeadLetter(
                            headers.getOrDefault("tally.error.code", "unknown"),
                            headers.getOrDefault("tally.error.detail", ""))));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
