package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import io.tally.rig.WebhookReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the service twice while it tells three endpoints, of which one fails at times and one is away. */
@Tag("proof")
class WebhookCrashIT {
    private static final int COMMANDS = Integer.getInteger("tally.webhooks.commands", 6_000);
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("tally.webhooks.away", 6));
    private static final int PER_SECOND = 5_000;
    private static final int USERS = 1_000;
    private static final int KILLS = 2;
    /** What one crash can repeat at an endpoint: answers that were not written yet, and deliveries under way. */
    private static final int REPEATS = 256 + 32;

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** Short, so that the test is; long enough for nobody to be given up. */
    private static final Map<String, String> SETTINGS = Map.of(
            "TALLY_WEBHOOK_HTTP", "true",
            "TALLY_WEBHOOK_NETWORKS", "127.0.0.0/8",
            "TALLY_WEBHOOK_RETRIES", "200ms,500ms,1s,2s,3s,5s,5s,5s,10s,10s,20s,20s,30s,60s");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final long seed = Long.getLong("tally.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldTellEverythingInOrderToEachEndpoint() throws Exception {
        System.out.println("seed " + seed);
        try (LedgerCluster cluster = new LedgerCluster(directory);
                WebhookReceiver healthy = WebhookReceiver.start(count -> 204);
                WebhookReceiver failing = WebhookReceiver.start(count -> count % 3 == 0 ? 500 : 204);
                WebhookReceiver away = WebhookReceiver.start(count -> 204)) {
            // Given
            List<WebhookReceiver> receivers = List.of(healthy, failing, away);
            cluster.startAndAwait("one", SETTINGS);
            for (WebhookReceiver receiver : receivers) {
                receiver.trust(register(cluster.uri("one", "/v1/webhook-endpoints"), receiver.url()));
            }
            CommandGenerator commands =
                    new CommandGenerator(seed, "transactions-in", Mix.plain(USERS, LedgerCluster.PARTITIONS));
            long begun = System.nanoTime();
            Load load = Load.start(cluster.bootstrapServers(), commands, COMMANDS, PER_SECOND);

            // When
            awaitOutcomes(away, COMMANDS / 20);
            away.down();
            long downAt = System.nanoTime();
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitOutcomes(healthy, COMMANDS * kill / 4);
                cluster.instance("one").kill();
                cluster.startAndAwait("one", SETTINGS);
            }
            Awaitility.await().atMost(AWAY).until(() -> System.nanoTime() - downAt > AWAY.toNanos() * 9 / 10);
            away.up();
            load.await();
            cluster.awaitDrained();
            Set<String> decided = outcomeIds(cluster.bootstrapServers());
            receivers.forEach(receiver -> awaitOutcomes(receiver, decided.size()));

            // Then
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.println(decided.size() + " outcomes told in " + took + "; repeats "
                    + receivers.stream()
                            .map(receiver -> receiver.taken().size() - receiver.outcomes())
                            .toList()
                    + ", requests "
                    + receivers.stream().map(WebhookReceiver::requests).toList());
            for (WebhookReceiver receiver : receivers) {
                Set<String> told = new HashSet<>();
                receiver.taken().forEach(one -> told.add(one.id()));
                assertThat(told).isEqualTo(decided);
                assertThat(receiver.outOfOrder()).as("with seed %d", seed).isEmpty();
                assertThat(receiver.strange()).isEmpty();
                assertThat(receiver.taken().size() - receiver.outcomes())
                        .as("repeats with seed %d", seed)
                        .isLessThanOrEqualTo(KILLS * REPEATS);
            }
        }
    }

    private static void awaitOutcomes(WebhookReceiver receiver, int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> receiver.outcomes() >= count);
    }

    private String register(URI endpoints, URI url) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(endpoints)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"url\":\"" + url
                                                + "\",\"event_types\":[\"transaction.accepted\",\"transaction.rejected\",\"user.opened\"]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode created = json.readTree(answer.body());
        return created.get("secret").asText();
    }

    /** The ids of all outcomes, as the log has them. */
    private static Set<String> outcomeIds(String bootstrapServers) {
        Set<String> ids = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, LedgerCluster.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition("transactions-out", partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    ids.add(new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.US_ASCII));
                }
            }
        }
        return ids;
    }
}
