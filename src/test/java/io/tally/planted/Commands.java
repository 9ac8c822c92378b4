package io.tally.planted;

import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends commands of every kind, those at the limits first, from a thread of its own. */
final class Commands implements AutoCloseable {
    private static final int USERS = 60;
    private static final int AT_LIMITS = 10;
    private static final int PER_MILLISECOND = 1;

    private final String topic;
    private final CommandGenerator generator;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread = new Thread(this::run, "commands");
    private final AtomicLong allowed = new AtomicLong();
    private volatile boolean finishing;

    private Commands(String bootstrapServers, String topic, long seed) {
        this.topic = topic;
        this.generator = new CommandGenerator(seed, topic, Mix.rough(USERS, PlantedLedger.PARTITIONS));
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        2),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static Commands start(String bootstrapServers, String topic, long seed) {
        Commands commands = new Commands(bootstrapServers, topic, seed);
        commands.thread.setDaemon(true);
        commands.thread.start();
        return commands;
    }

    /** The generator's users. */
    static List<String> users() {
        return IntStream.range(0, USERS).mapToObj(CommandGenerator::user).toList();
    }

    private void run() {
        for (int i = 0; i < AT_LIMITS; i++) {
            String user = "limit-" + i;
            send(user, "DEPOSIT", "5.00");
            send(user, "WITHDRAW", "5.00");
            send(user, "DEPOSIT", "5.00");
            send(user, "WITHDRAW", "5.01");
        }
        long sent = 0;
        while (!finishing || sent < allowed.get()) {
            for (int i = 0; i < PER_MILLISECOND && sent < allowed.get(); i++, sent++) {
                send(generator.next());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void send(String user, String type, String amount) {
        String json = "{\"uid\":\"" + UUID.randomUUID() + "\",\"type\":\"" + type + "\",\"amount\":\"" + amount + "\"}";
        send(new ProducerRecord<>(topic, user.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        producer.send(record);
    }

    /** Sends this many more. */
    void allow(int more) {
        allowed.addAndGet(more);
    }

    /** Waits until all that is allowed is sent, and sends no more. */
    void finish() throws InterruptedException {
        finishing = true;
        thread.join();
        producer.flush();
    }

    @Override
    public void close() throws InterruptedException {
        finish();
        producer.close();
    }
}
