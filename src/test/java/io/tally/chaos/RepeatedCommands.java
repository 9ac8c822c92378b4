package io.tally.chaos;

import io.tally.faults.Attempt;
import io.tally.faults.Attempt.Meaning;
import io.tally.faults.HistoryCheck;
import io.tally.faults.HttpAnswer;
import io.tally.faults.Write;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The same commands again and again: over Kafka and HTTP, before and after an instance was killed, with the same content and
 * with another; and the last records of the input all over again, as they were.
 */
final class RepeatedCommands extends Fault {
    private static final int WRITES = 50;
    private static final int REPLAYED = 1_000;

    private final String prefix;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private Map<TopicPartition, Long> from = Map.of();

    RepeatedCommands(World world, SplittableRandom random) {
        super(world, random);
        this.prefix = "again-" + Long.toHexString(random.nextLong()) + "-";
    }

    @Override
    void inject() {
        from = world.offsets().ends(World.INPUT);
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            writes.add(new Write(
                    new UUID(random.nextLong(), random.nextLong()),
                    prefix + i % 10,
                    random.nextInt(3) == 0 ? "WITHDRAW" : "DEPOSIT",
                    BigDecimal.valueOf(1 + random.nextInt(10_000), 2)));
        }
        List<Write> viaKafka = writes.subList(0, WRITES / 2);
        sendToKafka(viaKafka);
        sendOverHttp(writes);
        sendToKafka(writes);
        String victim = world.anyInstance(random);
        world.instances().kill(victim);
        world.instances().startDead();
        world.instances().awaitReady(victim);
        world.awaitCaughtUp();
        sendOverHttp(writes);
        sendToKafka(writes);
        sendOverHttp(writes.stream().map(Write::changed).toList());
        sendInputAgain();
    }

    private void sendToKafka(List<Write> writes) {
        for (Write write : writes) {
            // Nobody is told what becomes of it.
            attempts.add(new Attempt(write, "Kafka", 0, 0, HttpAnswer.failed(new IOException())));
            var unused =
                    world.producer().send(new ProducerRecord<>(World.INPUT, bytes(write.user()), bytes(write.json())));
        }
        world.producer().flush();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void sendOverHttp(List<Write> writes) {
        List<CompletableFuture<Attempt>> sent = writes.stream()
                .map(write -> world.caller().write(world.anyInstance(random), write))
                .toList();
        sent.forEach(one -> attempts.add(one.join()));
    }

    /** Whatever it was, to the partition that the key leads to. */
    private void sendInputAgain() {
        Map<TopicPartition, Long> ends = world.offsets().ends(World.INPUT);
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                world.brokers().bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - REPLAYED)));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    var unused = world.producer().send(new ProducerRecord<>(World.INPUT, record.key(), record.value()));
                }
            }
        }
    }

    @Override
    void heal() {
        world.awaitCaughtUp();
        violations.addAll(HistoryCheck.violations(attempts, world.auditor().history(from, prefix)));
        Map<UUID, String> outcomes = new HashMap<>();
        for (Attempt attempt : attempts) {
            if (attempt.meaning() == Meaning.DECIDED) {
                String outcome = attempt.answer().outcome().toString();
                String first = outcomes.putIfAbsent(attempt.write().uid(), outcome);
                if (first != null && !first.equals(outcome)) {
                    violations.add("two outcomes, " + first + " and " + attempt);
                }
            }
        }
    }

    @Override
    @Nullable
    String evidence() {
        long replayed =
                attempts.stream().filter(attempt -> attempt.answer().replayed()).count();
        long conflicts = attempts.stream()
                .filter(attempt -> attempt.meaning() == Meaning.CONFLICTING)
                .count();
        return replayed > 0 && conflicts > 0
                ? replayed + " answers were replayed, " + conflicts + " told of a conflict"
                : null;
    }

    @Override
    List<String> violations() {
        return violations;
    }
}
