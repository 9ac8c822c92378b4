package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscriptions, on a small ring of two partitions that begin at offset 100. */
class SubscribersTest {
    private static final int TOPIC = 7;
    private static final int RING = 16;
    private static final Runnable NO_WAKE = () -> {};

    private final Subscribers subscribers = new Subscribers(new FeedRing(2, RING, Long.MAX_VALUE));

    @BeforeEach
    void begin() {
        subscribers.restart(TOPIC, new long[] {100, 100});
    }

    private static OutcomeEvent event(String user, int partition, long offset) {
        return new OutcomeEvent(user, partition, offset, "type", new byte[1]);
    }

    private static OutcomeEvent decided(String user, int partition, long offset, long input) {
        String json = "{\"source\":{\"partition\":" + partition + ",\"offset\":" + input + "}}";
        return new OutcomeEvent(user, partition, offset, "type", json.getBytes(StandardCharsets.US_ASCII));
    }

    private void append(OutcomeEvent... events) {
        subscribers.append(List.of(events), Map.of());
    }

    private Subscription subscribe(Interest interest, @Nullable String after, long @Nullable ... committed) {
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        subscribers.subscribe(interest, after == null ? null : FeedPosition.parse(after), NO_WAKE, subscription);
        subscribers.admit(committed == null || committed.length == 0 ? null : committed);
        assertThat(subscription).isDone();
        return subscription.join();
    }

    private static List<String> offsets(FeedBatch batch) {
        assertThat(batch.state()).isEqualTo(FeedBatch.State.NEXT);
        return batch.events().stream()
                .map(item -> item.outcome().partition() + "/" + item.outcome().offset())
                .toList();
    }

    @Test
    void shouldTellEverybodyWhatConcernsThem() {
        // Given
        append(event("ada", 0, 100));
        Subscription all = subscribe(Interest.everyone(), null);
        Subscription ada = subscribe(Interest.user("ada", 0), null);
        Subscription nobody = subscribe(Interest.user("nobody", 1), null);

        // When
        append(event("ada", 0, 101), event("bob", 1, 100), event("ada", 0, 103));

        // Then
        assertThat(offsets(all.take(2))).containsExactly("0/101", "1/100");
        assertThat(offsets(all.take(2))).containsExactly("0/103");
        assertThat(offsets(all.take(2))).isEmpty();
        assertThat(offsets(ada.take(9))).containsExactly("0/101", "0/103");
        assertThat(offsets(nobody.take(9))).isEmpty();
    }

    @Test
    void shouldWakeOnlyThoseWhomItConcerns() {
        // Given
        AtomicInteger ada = new AtomicInteger();
        AtomicInteger all = new AtomicInteger();
        subscribers.subscribe(Interest.user("ada", 0), null, ada::incrementAndGet, new CompletableFuture<>());
        subscribers.subscribe(Interest.everyone(), null, all::incrementAndGet, new CompletableFuture<>());
        subscribers.admit(null);

        // When
        append(event("bob", 0, 100), event("bob", 1, 100));
        append(event("ada", 0, 101));
        subscribers.append(List.of(), Map.of(0, 110L));

        // Then
        assertThat(ada).hasValue(1);
        assertThat(all).hasValue(2);
    }

    @Test
    void shouldResumeBehindTheLastEventRead() {
        // Given
        Subscription first = subscribe(Interest.everyone(), null);
        append(event("ada", 0, 100), event("bob", 1, 100), event("ada", 0, 101));
        String position = first.take(2).events().get(1).position();
        first.close();

        // When
        Subscription again = subscribe(Interest.everyone(), position);
        append(event("bob", 1, 101));

        // Then
        assertThat(offsets(again.take(9))).containsExactly("0/101", "1/101");
    }

    @Test
    void shouldTellWhoBeginsWhatTheStateMustHavePassed() {
        // Given
        assertThat(subscribe(Interest.user("ada", 0), null).beginning()).isNull();
        append(decided("bob", 0, 100, 7), decided("ada", 0, 101, 9), decided("bob", 1, 100, 12));
        for (int i = 0; i < 2 * RING; i++) {
            append(decided("carl", 1, 101 + i, 13 + i));
        }

        // Then
        Subscription ada = subscribe(Interest.user("ada", 0), null);
        assertThat(ada.beginning()).isEqualTo(new Position(0, 9));
        assertThat(subscribe(Interest.user("nobody", 0), null).beginning()).isEqualTo(new Position(0, 9));
        assertThat(subscribe(Interest.everyone(), null).beginning()).isNull();

        // When
        append(decided("ada", 0, 102, 10));
        String position = ada.take(9).position();

        // Then
        assertThat(ada.beginning()).isEqualTo(new Position(0, 9));
        assertThat(subscribe(Interest.user("ada", 0), position).beginning()).isNull();
        String other = FeedPosition.text(TOPIC + 1, 0, new long[] {102});
        assertThat(subscribe(Interest.user("ada", 0), other).beginning()).isEqualTo(new Position(0, 10));

        // When
        subscribers.restart(TOPIC + 1, new long[] {0, 0});

        // Then
        assertThat(subscribe(Interest.user("ada", 0), null).beginning()).isNull();
    }

    @Test
    void shouldMoveAQuietUsersPositionOn() {
        // Given
        Subscription ada = subscribe(Interest.user("ada", 0), null);
        for (int i = 0; i < 3 * RING; i++) {
            append(event("bob", 0, 100 + i));
        }

        // When
        String position = ada.take(9).position();

        // Then
        Subscription again = subscribe(Interest.user("ada", 0), position);
        append(event("ada", 0, 200));
        assertThat(offsets(again.take(9))).containsExactly("0/200");
    }

    @Test
    void shouldResetWhoComesFromBehindTheStretch() {
        // Given
        for (int i = 0; i < RING + 1; i++) {
            append(event("ada", 0, 100 + i));
        }

        // When
        Subscription gone = subscribe(Interest.user("ada", 0), FeedPosition.text(TOPIC, 0, new long[] {100}));
        Subscription oldest = subscribe(Interest.user("ada", 0), FeedPosition.text(TOPIC, 0, new long[] {101}));

        // Then
        assertThat(oldest.take(99).events()).hasSize(RING);
        assertThat(gone.isBehind()).isFalse();
        FeedBatch reset = gone.take(9);
        assertThat(reset.state()).isEqualTo(FeedBatch.State.RESET);
        assertThat(FeedPosition.parse(reset.position()).next()).containsExactly(101 + RING / 2);
        append(event("ada", 0, 200));
        assertThat(offsets(gone.take(99)))
                .hasSize(RING / 2 + 1)
                .startsWith("0/" + (101 + RING / 2))
                .endsWith("0/200");
    }

    /** Under load the ring goes on while a subscription begins: at its very end the subscription would be cut off at once. */
    @Test
    void shouldLeaveATimeToBeginToWhoIsReset() {
        // Given
        for (int i = 0; i < RING + 1; i++) {
            append(event("ada", 0, 100 + i));
        }
        Subscription gone = subscribe(Interest.user("ada", 0), FeedPosition.text(TOPIC, 0, new long[] {100}));
        gone.take(9);

        // When
        for (int i = 0; i < RING / 2; i++) {
            append(event("bob", 0, 200 + i));
        }

        // Then
        assertThat(gone.isBehind()).isFalse();
    }

    @Test
    void shouldResetWhoComesFromAnotherTopicOrBeyondItsEnd() {
        // Given
        append(event("ada", 0, 100));
        Interest ada = Interest.user("ada", 0);

        // Then
        assertThat(subscribe(ada, FeedPosition.text(TOPIC + 1, 0, new long[] {100}))
                        .take(1)
                        .state())
                .isEqualTo(FeedBatch.State.RESET);
        assertThat(subscribe(ada, FeedPosition.text(TOPIC, 0, new long[] {105}), 104, 100)
                        .take(1)
                        .state())
                .isEqualTo(FeedBatch.State.RESET);
    }

    /** As after a copy into a ledger of fewer partitions. */
    @Test
    void shouldResetWhoComesFromATopicOfMorePartitions() {
        // Given
        append(event("ada", 0, 100), event("bob", 1, 100));
        String all = FeedPosition.text(TOPIC + 1, FeedPosition.ALL, new long[] {9, 9, 9, 9, 9, 9, 9, 999});
        String ada = FeedPosition.text(TOPIC + 1, 7, new long[] {999});

        // Then
        for (Interest interest : List.of(Interest.everyone(), Interest.user("ada", 0))) {
            for (String position : List.of(all, ada)) {
                assertThat(subscribe(interest, position).take(1).state()).isEqualTo(FeedBatch.State.RESET);
            }
        }
    }

    @Test
    void shouldRejectWhoHasAPlaceOfAnotherInterest() {
        // Given
        append(event("ada", 0, 100));
        Interest all = Interest.everyone();
        Interest ada = Interest.user("ada", 0);

        // Then
        assertRejected(all, FeedPosition.ALL, 100);
        assertRejected(all, FeedPosition.ALL, 100, 100, 100);
        assertRejected(all, FeedPosition.ALL, 999);
        assertRejected(all, 0, 100);
        assertRejected(ada, 1, 100);
        assertRejected(ada, FeedPosition.ALL, 100);
        assertRejected(ada, FeedPosition.ALL, 100, 100);
        assertThat(offsets(subscribe(all, FeedPosition.text(TOPIC, FeedPosition.ALL, new long[] {100, 100}))
                        .take(9)))
                .containsExactly("0/100");
        assertThat(offsets(subscribe(ada, FeedPosition.text(TOPIC, 0, new long[] {100}))
                        .take(9)))
                .containsExactly("0/100");
    }

    private void assertRejected(Interest interest, int partition, long... next) {
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        subscribers.subscribe(interest, new FeedPosition(TOPIC, partition, next), NO_WAKE, subscription);
        assertThat(subscribers.asksBeyondRing()).isFalse();
        subscribers.admit(null);
        assertThat(subscription).isCompletedExceptionally();
        assertThatThrownBy(subscription::join).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    /** Not even the brokers are needed, which may be away. */
    @Test
    void shouldRejectAtOnceWhoHasAPlaceOfAnotherInterestInATopicThatItKnows() {
        // Given
        subscribers.stopIfIdle(0);
        FeedPosition ofAll = new FeedPosition(TOPIC, FeedPosition.ALL, new long[] {100, 100});
        CompletableFuture<Subscription> known = new CompletableFuture<>();
        CompletableFuture<Subscription> unknown = new CompletableFuture<>();

        // When
        boolean first = subscribers.subscribe(Interest.user("ada", 0), ofAll, NO_WAKE, known);
        new Subscribers(new FeedRing(2, RING, Long.MAX_VALUE))
                .subscribe(Interest.user("ada", 0), ofAll, NO_WAKE, unknown);

        // Then
        assertThat(known).isCompletedExceptionally();
        assertThatThrownBy(known::join).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(first).as("whether anybody must fill the ring").isFalse();
        assertThat(unknown).isNotDone();
    }

    @Test
    void shouldWaitForAPlaceThatAnotherInstanceHasComeTo() {
        // Given
        Interest ada = Interest.user("ada", 0);
        CompletableFuture<Subscription> ahead = new CompletableFuture<>();
        subscribers.subscribe(ada, FeedPosition.parse(FeedPosition.text(TOPIC, 0, new long[] {102})), NO_WAKE, ahead);

        // When
        subscribers.admit(null);
        assertThat(ahead).isNotDone();
        assertThat(subscribers.asksBeyondRing()).isTrue();
        subscribers.admit(new long[] {102, 100});
        append(event("ada", 0, 100), event("ada", 0, 101), event("ada", 0, 102));

        // Then
        assertThat(offsets(ahead.join().take(9))).containsExactly("0/102");
    }

    @Test
    void shouldTellWhoIsTooSlow() {
        // Given
        Subscription slow = subscribe(Interest.everyone(), null);
        Subscription slowAda = subscribe(Interest.user("ada", 0), null);
        append(event("ada", 0, 100));
        for (int i = 1; i < RING; i++) {
            append(event("bob", 0, 100 + i));
        }
        assertThat(slow.isBehind()).isFalse();
        assertThat(slowAda.isBehind()).isFalse();

        // When
        append(event("bob", 0, 100 + RING));

        // Then
        assertThat(slow.isBehind()).isTrue();
        assertThat(slowAda.isBehind()).isTrue();
        assertThat(slow.take(9).state()).isEqualTo(FeedBatch.State.BEHIND);
    }

    @Test
    void shouldResetEverybodyWhenItBeginsAnew() {
        // Given
        Subscription all = subscribe(Interest.everyone(), null);
        append(event("ada", 0, 100));

        // When
        subscribers.restart(TOPIC + 1, new long[] {0, 0});
        append(event("ada", 0, 0), event("ada", 0, 1), event("bob", 1, 0), event("ada", 0, 2));

        // Then
        FeedBatch reset = all.take(9);
        assertThat(reset.state()).isEqualTo(FeedBatch.State.RESET);
        assertThat(FeedPosition.parse(reset.position()).next()).containsExactly(0, 0);
        assertThat(offsets(all.take(9))).containsExactly("0/0", "0/1", "1/0", "0/2");
        assertThat(subscribers.canGoOn(new FeedStretch(TOPIC, new long[2], new long[] {9, 9})))
                .isFalse();
        assertThat(subscribers.canGoOn(new FeedStretch(TOPIC + 1, new long[2], new long[] {3, 1})))
                .isTrue();
        assertThat(subscribers.canGoOn(new FeedStretch(TOPIC + 1, new long[2], new long[] {2, 1})))
                .isFalse();
        assertThat(subscribers.canGoOn(new FeedStretch(TOPIC + 1, new long[] {4, 0}, new long[] {9, 9})))
                .isFalse();
    }

    @Test
    void shouldStopWhenNobodyListens() {
        // Given
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        assertThat(subscribers.subscribe(Interest.everyone(), null, NO_WAKE, subscription))
                .isTrue();
        assertThat(subscribers.subscribe(Interest.everyone(), null, NO_WAKE, new CompletableFuture<>()))
                .isFalse();
        assertThat(subscribers.stopIfIdle(0)).isFalse();
        subscribers.rejectPending(new IllegalStateException("closed"));
        assertThat(subscription).isCompletedExceptionally();

        // Then
        assertThat(subscribers.stopIfIdle(0)).isTrue();
        assertThat(subscribers.subscribe(Interest.everyone(), null, NO_WAKE, new CompletableFuture<>()))
                .isTrue();
    }

    /** Readers that take a few, are cut off anywhere and come back, also elsewhere, against what was appended. */
    @Test
    void shouldLoseAndRepeatNothingOverReconnects() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            Walk walk = new Walk(random);
            for (int step = 0; step < 300; step++) {
                walk.step();
            }
            walk.check();
        }
    }

    /** Two instances' rings over one log; the other one is a little behind or ahead. */
    private static final class Walk {
        private final SplittableRandom random;
        private final List<OutcomeEvent> log = new ArrayList<>();
        private final Subscribers[] instances = {
            new Subscribers(new FeedRing(2, 256, Long.MAX_VALUE)), new Subscribers(new FeedRing(2, 256, Long.MAX_VALUE))
        };
        private final int[][] read = new int[2][2];
        private final long[] ends = {0, 0};
        private final Interest interest;
        private final List<OutcomeEvent> got = new ArrayList<>();
        private String position;
        private Subscription subscription;

        Walk(SplittableRandom random) {
            this.random = random;
            this.interest = random.nextBoolean() ? Interest.everyone() : Interest.user("ada", 0);
            for (Subscribers instance : instances) {
                instance.restart(TOPIC, new long[2]);
            }
            connect(null);
            position = subscription.take(1).position();
        }

        void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> write();
                case 2, 3 -> fetch(random.nextInt(2));
                case 4 -> take(1 + random.nextInt(4));
                default -> {
                    subscription.close();
                    connect(position);
                }
            }
        }

        private void write() {
            int partition = random.nextInt(2);
            String user = partition == 0 && random.nextBoolean() ? "ada" : "u" + partition;
            log.add(event(user, partition, ends[partition]));
            ends[partition] += 1 + (random.nextInt(4) == 0 ? 1 : 0);
        }

        /** Partitions come in any order, with what follows the records. */
        private void fetch(int instance) {
            int partition = random.nextInt(2);
            List<OutcomeEvent> ofPartition =
                    log.stream().filter(event -> event.partition() == partition).toList();
            int from = read[instance][partition];
            int to = Math.min(ofPartition.size(), from + random.nextInt(4));
            read[instance][partition] = to;
            long end = to == ofPartition.size()
                    ? ends[partition]
                    : ofPartition.get(to).offset();
            instances[instance].append(ofPartition.subList(from, to), Map.of(partition, end));
        }

        private void connect(@Nullable String after) {
            CompletableFuture<Subscription> pending = new CompletableFuture<>();
            Subscribers instance = instances[random.nextInt(2)];
            instance.subscribe(interest, after == null ? null : FeedPosition.parse(after), NO_WAKE, pending);
            instance.admit(ends.clone());
            subscription = pending.join();
        }

        private void take(int max) {
            FeedBatch batch = subscription.take(max);
            assertThat(batch.state()).isEqualTo(FeedBatch.State.NEXT);
            for (FeedBatch.Item item : batch.events()) {
                got.add(item.outcome());
                position = item.position();
                if (random.nextInt(8) == 0) {
                    subscription.close();
                    connect(position);
                    return;
                }
            }
            position = batch.position();
        }

        void check() {
            for (int i = 0; i < 2_000; i++) {
                fetch(random.nextInt(2));
                take(4);
            }
            for (int partition = 0; partition < 2; partition++) {
                int of = partition;
                assertThat(got.stream().filter(event -> event.partition() == of))
                        .as("partition %s", of)
                        .containsExactlyElementsOf(log.stream()
                                .filter(event -> event.partition() == of)
                                .filter(event -> interest.userId() == null
                                        || event.userId().equals(interest.userId()))
                                .toList());
            }
        }
    }

    @Test
    void shouldLetTheNextOneTryAgainWhenNobodyCameToFillTheRing() {
        // Given
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        boolean first = subscribers.subscribe(Interest.everyone(), null, NO_WAKE, subscription);

        // When
        subscribers.startFailed(new OutOfMemoryError("unable to create native thread"));

        // Then
        assertThat(first).isTrue();
        assertThat(subscription).isCompletedExceptionally();
        assertThat(subscribers.subscribe(Interest.everyone(), null, NO_WAKE, new CompletableFuture<>()))
                .as("whether the next one must see to it")
                .isTrue();
    }
}
