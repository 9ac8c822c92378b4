package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread's consumer without a thread of Kafka Streams, whose calls the tests make. */
@Timeout(60)
class TxConsumerIT {
    private static final String INPUT = "transactions-in";
    private static final TopicPartition INPUT_0 = new TopicPartition(INPUT, 0);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;

    private final RecordedFailStop failStop = new RecordedFailStop();
    private final TxScope scope = new TxScope(INPUT, new Waiters(Runnable::run), CommitListener.NONE, Runnable::run);
    private final FakeContext context = new FakeContext();

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
        new Accidents(admin).create(INPUT, 1);
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    @Test
    void shouldWaitForRecordsWhenNothingIsUncommitted() {
        // Given
        try (TxConsumer consumer = assigned()) {
            Duration wait = Duration.ofMillis(150);

            // When
            Duration waited = time(() -> consumer.poll(wait));

            // Then
            assertThat(waited).isGreaterThan(wait.dividedBy(2));
            assertThat(context.commits()).isZero();
        }
    }

    @Test
    void shouldAskForTheCommitAsSoonAsWhatWasPolledIsProcessed() {
        // Given
        try (TxConsumer consumer = assigned()) {
            scope.touch(0, context.context());

            // When
            Duration waited = time(() -> consumer.poll(LONG));

            // Then
            assertThat(context.commits()).isEqualTo(1);
            assertThat(waited).isLessThan(LONG.dividedBy(2));
        }
    }

    @Test
    void shouldNotSpinWhileTheCommitIsHeldUp() {
        // Given
        int polls = 200;
        try (TxConsumer consumer = assigned()) {
            scope.touch(0, context.context());
            consumer.poll(LONG);

            // When
            Duration waited = time(() -> {
                for (int i = 0; i < polls; i++) {
                    consumer.poll(LONG);
                }
            });

            // Then: about a millisecond each, and it keeps asking.
            assertThat(waited).isGreaterThan(Duration.ofMillis(polls / 2));
            assertThat(context.commits()).isEqualTo(1 + polls);
        }
    }

    @Test
    void shouldLetAsMuchTimePassAsTheLastCommitTook() {
        // Given
        Duration took = Duration.ofMillis(300);
        try (TxConsumer consumer = assigned()) {
            scope.offsetsAdded(Map.of());
            Awaitility.await().pollDelay(took).until(() -> true);
            scope.committed(failure -> {
                throw new AssertionError(failure);
            });
            scope.touch(0, context.context());

            // When
            Duration waited = time(() -> {
                while (context.commits() == 0) {
                    consumer.poll(LONG);
                }
            });

            // Then
            assertThat(waited).isBetween(took.dividedBy(2), LONG.dividedBy(2));
        }
    }

    @Test
    void shouldLetRecordsThatWaitJoinTheTransaction() {
        // Given
        int full = 3;
        try (TxConsumer consumer = polling("waiting", 2 * full + 1, full)) {
            // When
            List<Integer> commitsByPoll = new ArrayList<>();
            int processed = 0;
            while (processed < 2 * full + 1) {
                int polled = consumer.poll(LONG).count();
                commitsByPoll.add(context.commits());
                scope.touch(0, context.context());
                processed += polled;
            }
            consumer.poll(LONG);

            // Then: none is asked for until what waited is processed.
            assertThat(commitsByPoll).containsOnly(0);
            assertThat(context.commits()).isEqualTo(1);
        }
    }

    @Test
    void shouldEndALargeTransactionHoweverManyRecordsWait() {
        // Given
        int full = 3;
        try (TxConsumer consumer = polling("many-waiting", 3 * full, full)) {
            pollFull(consumer, full);
            touch(5 * full - 1);
            pollFull(consumer, full);
            assertThat(context.commits()).isZero();

            // When
            touch(1);
            consumer.poll(LONG);

            // Then
            assertThat(context.commits()).isEqualTo(1);
        }
    }

    @Test
    void shouldNoteTheCommittedOffsetsThatKafkaStreamsAsksFor() {
        // Given
        new Accidents(admin).commit("offsets", INPUT_0, 5);

        // When
        try (TxConsumer consumer = consumer("offsets")) {
            consumer.committed(Set.of(INPUT_0));
        }

        // Then
        assertThat(scope.committedInput(0)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopBeforeKafkaStreamsHearsOfLostPartitions(boolean byPattern) throws Exception {
        // Given
        String group = byPattern ? "lost-by-pattern" : "lost";
        List<String> order = new ArrayList<>();
        FailStop stopping = (reason, cause) -> {
            failStop.stop(reason, cause);
            order.add("stop");
        };
        try (TxConsumer consumer = new TxConsumer(config(group), scope, parts(stopping))) {
            if (byPattern) {
                consumer.subscribe(Pattern.compile(INPUT), recorded(order));
            } else {
                consumer.subscribe(List.of(INPUT), recorded(order));
            }
            pollUntil(consumer, order, "assigned");

            // When
            admin.removeMembersFromConsumerGroup(
                            group, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("member"))))
                    .all()
                    .get();
            pollUntil(consumer, order, "lost");

            // Then
            assertThat(order).startsWith("assigned", "stop", "lost");
            assertThat(failStop.reasons()).first().asString().contains("gave [" + INPUT_0 + "] to another member");
        }
    }

    private static void pollUntil(TxConsumer consumer, List<String> order, String event) {
        Awaitility.await()
                .pollInSameThread()
                .atMost(LedgerRig.PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    consumer.poll(Duration.ofMillis(100));
                    return order.contains(event);
                });
    }

    private static ConsumerRebalanceListener recorded(List<String> order) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                order.add("revoked");
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                order.add("assigned");
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                order.add("lost");
            }
        };
    }

    private static Duration time(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private TxConsumer assigned() {
        TxConsumer consumer = atBeginning(consumer("assigned"), INPUT_0);
        consumer.poll(Duration.ofMillis(200));
        return consumer;
    }

    /** A consumer of a new topic with so many records, whose polls are full with fewer. */
    private TxConsumer polling(String topic, int records, int full) {
        new Accidents(admin).create(topic, 1);
        for (int i = 0; i < records; i++) {
            rig.sendAndWait(new ProducerRecord<>(topic, new byte[0]));
        }
        Map<String, Object> config = config("polling");
        config.put("max.poll.records", full);
        return atBeginning(new TxConsumer(config, scope, parts(failStop)), new TopicPartition(topic, 0));
    }

    private static TxConsumer atBeginning(TxConsumer consumer, TopicPartition partition) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return consumer;
    }

    private void touch(int records) {
        for (int i = 0; i < records; i++) {
            scope.touch(0, context.context());
        }
    }

    private static void pollFull(TxConsumer consumer, int full) {
        Awaitility.await()
                .pollInSameThread()
                .atMost(LedgerRig.PATIENCE)
                .until(() -> consumer.poll(LONG).count() == full);
    }

    private TxConsumer consumer(String group) {
        return new TxConsumer(config(group), scope, parts(failStop));
    }

    private static ClientParts parts(FailStop failStop) {
        return new ClientParts(
                new ThreadTransactions(INPUT),
                LedgerTopics.of("", "tx"),
                new UserPartitions(1),
                partitions -> {},
                new GroupLease(),
                new InputProgress(),
                failStop);
    }

    private static Map<String, Object> config(String group) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", rig.bootstrapServers());
        config.put("group.id", group);
        config.put("group.instance.id", "member");
        config.put("heartbeat.interval.ms", 100);
        config.put("enable.auto.commit", false);
        return config;
    }
}
