package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.LedgerRig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paging through topics that a transactional producer of the test has written. */
class DeadLetterGatewayIT {
    private static final Comparator<StoredDeadLetter> NEWEST_FIRST =
            Comparator.comparingLong(StoredDeadLetter::recordedAt).reversed();

    @TempDir
    private static Path directory;

    private static LedgerRig rig;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        rig = LedgerRig.start(directory);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", rig.bootstrapServers(), "transactional.id", "letters", "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    @AfterAll
    static void stop() {
        producer.close();
        rig.close();
    }

    private static DeadLetterGateway gateway(String topic, int partitions) throws Exception {
        try (var admin = rig.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
        return new DeadLetterGateway(Map.of("bootstrap.servers", rig.bootstrapServers()), topic);
    }

    private static void send(String topic, int partition, long time, String value) {
        producer.send(new ProducerRecord<>(topic, partition, time, null, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static DeadLetterPage page(DeadLetterGateway gateway, DeadLetterQuery query) {
        Reply<DeadLetterPage> reply = gateway.page(query).join();
        assertThat(reply).isInstanceOf(Reply.Found.class);
        return ((Reply.Found<DeadLetterPage>) reply).value();
    }

    private static List<StoredDeadLetter> all(DeadLetterGateway gateway, Integer partition, int limit) {
        List<StoredDeadLetter> items = new ArrayList<>();
        DeadLetterPage page = page(gateway, new DeadLetterQuery(partition, null, limit));
        items.addAll(page.items());
        for (int pages = 0; !page.rest().isEmpty(); pages++) {
            assertThat(pages).isLessThan(1_000);
            page = page(gateway, new DeadLetterQuery(partition, page.rest(), limit));
            items.addAll(page.items());
        }
        return items;
    }

    /** A commit is answered before its markers stand in all partitions. */
    private static void awaitCommitted(DeadLetterGateway gateway, int count) {
        Awaitility.await().until(() -> all(gateway, null, 500).size() == count);
    }

    private static String text(StoredDeadLetter letter) {
        return new String(letter.value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldBringEveryCommittedLetterOnceThroughManySmallTransactions() throws Exception {
        // Given
        long seed = new SplittableRandom().nextLong();
        System.out.println("Letters seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> expected = new ArrayList<>();
        try (DeadLetterGateway gateway = gateway("many", 3)) {
            long time = 1_700_000_000_000L;
            for (int transaction = 0; transaction < 300; transaction++) {
                boolean abort = random.nextInt(4) == 0;
                int records = abort ? random.nextInt(1, 100) : random.nextInt(1, 4);
                producer.beginTransaction();
                for (int record = 0; record < records; record++) {
                    String name = transaction + "-" + record;
                    send("many", random.nextInt(3), time++, name);
                    if (!abort) {
                        expected.add(0, name);
                    }
                }
                producer.flush();
                if (abort) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }

            awaitCommitted(gateway, expected.size());

            // When
            List<StoredDeadLetter> ofOne = all(gateway, 1, 17);
            List<StoredDeadLetter> ofAll = all(gateway, null, 50);

            // Then
            assertThat(ofAll).extracting(DeadLetterGatewayIT::text).isEqualTo(expected);
            assertThat(ofAll).isSortedAccordingTo(NEWEST_FIRST);
            assertThat(ofOne)
                    .extracting(DeadLetterGatewayIT::text)
                    .isEqualTo(ofAll.stream()
                            .filter(letter -> letter.partition() == 1)
                            .map(DeadLetterGatewayIT::text)
                            .toList());
        }
    }

    @Test
    void shouldNotShowWhatIsNotCommittedNorWhatCameAfterTheFirstPage() throws Exception {
        try (DeadLetterGateway gateway = gateway("open", 1)) {
            // Given
            assertThat(page(gateway, new DeadLetterQuery(null, null, 10)).items())
                    .isEmpty();
            producer.beginTransaction();
            send("open", 0, 1, "old");
            send("open", 0, 2, "older");
            producer.commitTransaction();
            producer.beginTransaction();
            send("open", 0, 3, "not yet");
            producer.flush();

            // When
            DeadLetterPage first = page(gateway, new DeadLetterQuery(null, null, 1));
            producer.commitTransaction();
            DeadLetterPage second = page(gateway, new DeadLetterQuery(null, first.rest(), 10));

            // Then
            assertThat(first.items()).extracting(DeadLetterGatewayIT::text).containsExactly("older");
            assertThat(second.items()).extracting(DeadLetterGatewayIT::text).containsExactly("old");
            assertThat(second.rest()).isEmpty();
            Awaitility.await()
                    .until(
                            () -> page(gateway, new DeadLetterQuery(0, null, 1)).items().stream()
                                    .map(DeadLetterGatewayIT::text)
                                    .toList(),
                            List.of("not yet")::equals);
        }
    }

    @Test
    void shouldBoundAPageOfLargeLetters() throws Exception {
        try (DeadLetterGateway gateway = gateway("large", 2)) {
            // Given
            producer.beginTransaction();
            for (int i = 0; i < 200; i++) {
                send("large", i % 2, 1_700_000_000_000L + i, "x".repeat(65_000) + i);
            }
            producer.commitTransaction();
            awaitCommitted(gateway, 200);

            // When
            DeadLetterPage page = page(gateway, new DeadLetterQuery(null, null, 500));

            // Then
            assertThat(page.items()).hasSize(64 + 1);
            assertThat(all(gateway, null, 500)).hasSize(200).isSortedAccordingTo(NEWEST_FIRST);
        }
    }

    @Test
    void shouldReadForTwoAtATimeAndSayWhenKafkaDoesNotAnswer() throws Exception {
        try (DeadLetterGateway nowhere = new DeadLetterGateway(Map.of("bootstrap.servers", "127.0.0.1:1"), "nowhere")) {
            // When
            long start = System.nanoTime();
            List<CompletableFuture<Reply<DeadLetterPage>>> replies = List.of(
                    nowhere.page(new DeadLetterQuery(null, null, 1)),
                    nowhere.page(new DeadLetterQuery(null, null, 1)),
                    nowhere.page(new DeadLetterQuery(null, null, 1)));

            // Then
            assertThat(replies.get(2)).isDone();
            assertThat(replies.get(0)).isNotDone();
            assertThat(replies).allSatisfy(reply -> assertThat(reply.join()).isInstanceOf(Reply.Unavailable.class));
            assertThat(System.nanoTime() - start).isBetween(1_900_000_000L, 8_000_000_000L);
            assertThat(nowhere.page(new DeadLetterQuery(null, null, 1))).isNotDone();
        }
    }

    @Test
    void shouldKnowWhichPartitionsThereAre() throws Exception {
        try (DeadLetterGateway gateway = gateway("two", 2)) {
            assertThat(gateway.page(new DeadLetterQuery(1, null, 1)).join()).isInstanceOf(Reply.Found.class);
            assertThat(gateway.page(new DeadLetterQuery(2, null, 1)).join()).isInstanceOf(Reply.Absent.class);
            SortedMap<Integer, Long> beyond = new TreeMap<>(Map.of(0, 1_000L, 9, 7L));
            assertThat(page(gateway, new DeadLetterQuery(null, beyond, 1)).rest())
                    .isEmpty();
        }
    }
}
