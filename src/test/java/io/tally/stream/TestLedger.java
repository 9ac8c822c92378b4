package io.tally.stream;

import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Reply;
import io.tally.ledger.Account;
import io.tally.rig.LedgerRig;
import io.tally.store.LedgerQuery;
import io.tally.store.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * A ledger beside others on one broker: its topics, what was sent and what must come of it.
 *
 * @param rig the broker
 * @param name application id and prefix of its topics
 * @param partitions of its input
 */
record TestLedger(LedgerRig rig, String name, int partitions) {
    StreamSettings settings(String instance, Map<String, String> kafka) {
        return rig.settingsOf(name, instance, partitions, kafka);
    }

    LedgerTopics topics() {
        return settings("any", Map.of()).topics();
    }

    /** A user of the partition, with this beginning of the name. */
    String userOf(int partition, String beginning) {
        UserPartitions users = new UserPartitions(partitions);
        return Stream.iterate(0, number -> number + 1)
                .map(number -> beginning + number)
                .filter(user -> users.of(user) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Sends a deposit of 1 for each user, those of one partition in one batch: whoever reads one has read them all. */
    List<UUID> depositTogether(String... users) {
        List<UUID> uids = new ArrayList<>();
        Map<String, Object> config =
                Map.of("bootstrap.servers", rig.bootstrapServers(), "acks", "all", "linger.ms", 60_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String user : users) {
                UUID uid = UUID.randomUUID();
                uids.add(uid);
                byte[] command = DriverLedger.bytes(LedgerRig.command(uid, "DEPOSIT", user, "1"));
                var ignored = producer.send(new ProducerRecord<>(topics().input(), DriverLedger.bytes(user), command));
            }
            producer.flush();
        }
        return uids;
    }

    /** Every committed outcome. */
    List<String> outcomes() {
        return rig.readAll(topics().output()).stream()
                .map(ConsumerRecord::value)
                .map(DriverLedger::text)
                .toList();
    }

    /** How many committed outcomes the uid has. */
    long outcomesOf(UUID uid) {
        return outcomes().stream()
                .filter(outcome -> outcome.contains(uid.toString()))
                .count();
    }

    void awaitOutcomeOf(UUID uid) {
        Awaitility.await()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> outcomesOf(uid) > 0);
    }

    Reply<Balance> balance(LedgerStreams ledger, String user) {
        return new LedgerGateway(ledger).balance(new Account(user, "USD"), null);
    }

    /** What a user has who was deposited one unit for each time. */
    static Reply<Balance> found(String user, int deposits) {
        return new Reply.Found<>(new Balance(new Account(user, "USD"), deposits * 100L, deposits, null));
    }

    /** The partitions that the instance answers for. */
    static List<Integer> partitionsOf(LedgerStreams ledger) {
        return IntStream.range(0, ledger.settings().partitions())
                .filter(partition ->
                        ledger.ask(partition, new LedgerQuery<>(0, reader -> "here")) instanceof Reading.Answered)
                .boxed()
                .toList();
    }
}
