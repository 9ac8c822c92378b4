package io.tally.app;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A few commands per second of a handful of users, for something to look at. Stops when closed. */
final class DemoTraffic implements AutoCloseable {
    private static final List<String> NAMES = List.of("Ada", "Grace", "Linus", "Margaret", "Niklaus", "Barbara");
    private static final Duration PAUSE = Duration.ofMillis(400);

    private final String topic;
    private final KafkaProducer<String, String> producer;
    private final RandomGenerator random = RandomGenerator.of("SplittableRandom");
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread demo = new Thread(task, "tally-demo");
        demo.setDaemon(true);
        return demo;
    });

    private DemoTraffic(KafkaConfig kafka, String topic) {
        Map<String, Object> settings = new HashMap<>(kafka.connection());
        settings.put("acks", "all");
        // The thread must not hang on a broker that is gone.
        settings.put("max.block.ms", 1_000);
        this.topic = topic;
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** @param topic a ledger's input */
    static DemoTraffic start(KafkaConfig kafka, String topic) {
        DemoTraffic traffic = new DemoTraffic(kafka, topic);
        NAMES.forEach(traffic::open);
        var unused = traffic.thread.scheduleWithFixedDelay(
                traffic::move, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return traffic;
    }

    /** With the same uid at each start, so that later ones are repeats and not rejections. */
    private void open(String name) {
        UUID uid = UUID.nameUUIDFromBytes(("tally demo, open " + name).getBytes(StandardCharsets.UTF_8));
        send(uid, name, "\"type\":\"OPEN\",\"name\":\"" + name + "\"");
    }

    /** Mostly deposits, sometimes a withdrawal that may be beyond the balance. */
    private void move() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        boolean deposit = random.nextInt(5) < 3;
        int units = random.nextInt(1, deposit ? 100 : 150);
        send(
                UUID.randomUUID(),
                name,
                "\"type\":\"" + (deposit ? "DEPOSIT" : "WITHDRAW") + "\",\"amount\":\"" + units + "\"");
    }

    private void send(UUID uid, String name, String fields) {
        String user = "demo-" + name.toLowerCase(Locale.ROOT);
        String json = "{\"uid\":\"" + uid + "\",\"user_id\":\"" + user + "\"," + fields + "}";
        var unused = producer.send(new ProducerRecord<>(topic, user, json));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
