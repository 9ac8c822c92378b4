package io.tally.webhook;

import static io.tally.wire.webhook.EventType.TRANSACTION_ACCEPTED;
import static io.tally.wire.webhook.EventType.TRANSACTION_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.Attempt;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.WebhookCodec;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final RetrySchedule SCHEDULE = new RetrySchedule(
            List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(2)));
    private static final Room.Bounds SMALL = new Room.Bounds(60, 30);
    private static final int BATCHES = 60;
    private static final int TURNS_MAX = 200_000;

    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);

    @RepeatedTest(40)
    void shouldTellEverythingInOrderWhateverFailsAndCrashes() {
        // Given
        int users = 1 + random.nextInt(60);
        int failing = random.nextInt(4);
        SimulatedEndpoint endpoint = simulated(1 + random.nextInt(3));
        long down = endpoint.now + 500 + random.nextInt(2_000);
        endpoint.takes = (event, now) -> random.nextInt(4) >= failing && (now < down || now > down + 1_500);

        // When
        for (int turn = 0; turn < 400; turn++) {
            int decided = random.nextInt(6) == 0 ? random.nextInt(BATCHES) : 0;
            for (int i = 0; i < decided; i++) {
                endpoint.decide("user-" + random.nextInt(users));
            }
            step(endpoint);
        }
        endpoint.takes = (event, now) -> true;
        runOut(endpoint);

        // Then
        assertToldInOrder(endpoint);
        assertThat(endpoint.kept()).as("seed %d", seed).isEmpty();
        assertThat(endpoint.mostEvents).as("seed %d", seed).isLessThan(SMALL.events() + 25);
        assertThat(endpoint.mostLines).as("seed %d", seed).isLessThan(SMALL.queues() + 25);
    }

    private void step(SimulatedEndpoint endpoint) {
        endpoint.turn();
        if (random.nextInt(3) == 0) {
            endpoint.write();
        }
        if (random.nextInt(100) == 0) {
            endpoint.crash();
        }
    }

    private void runOut(SimulatedEndpoint endpoint) {
        int turns = 0;
        while (!endpoint.isDone()) {
            assertThat(turns++).as("turns with seed %d", seed).isLessThan(TURNS_MAX);
            endpoint.turn();
        }
        endpoint.write();
    }

    private SimulatedEndpoint simulated(int partitions) {
        return new SimulatedEndpoint(random, Events.endpoint(), SCHEDULE, SMALL, partitions);
    }

    /** Each outcome was told or is dead; when it was told first, all before it of its user had been. */
    private void assertToldInOrder(SimulatedEndpoint endpoint) {
        Set<String> dead = new HashSet<>(endpoint.dead().keySet());
        Map<String, Long> told = new HashMap<>();
        Set<String> ids = new HashSet<>();
        for (Event event : endpoint.taken) {
            if (ids.add(event.id()) && !dead.contains(event.id())) {
                assertThat(event.offset())
                        .as("first told of %s with seed %d", event.userId(), seed)
                        .isGreaterThan(told.getOrDefault(event.userId(), -1L));
                told.put(event.userId(), event.offset());
            }
        }
        ids.addAll(dead);
        assertThat(ids)
                .as("told or dead, with seed %d", seed)
                .containsAll(endpoint.decided().stream().map(Event::id).toList());
    }

    @Test
    void shouldNotHoldUpOthersByAUserThatFails() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        endpoint.takes = (event, now) -> !event.userId().equals("bad");
        for (int i = 0; i < 1_000; i++) {
            endpoint.decide(i % 3 == 0 ? "bad" : "good-" + i % 7);
        }

        // When
        for (int turn = 0; turn < 500; turn++) {
            endpoint.turn();
        }

        // Then
        assertThat(endpoint.taken).hasSize(666);
        assertThat(endpoint.mostEvents).isLessThan(SMALL.events() + 25);
    }

    @Test
    void shouldNeitherHoldUpOthersNorLoseTheScheduleForManyUsersThatFail() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        endpoint.takes = (event, now) -> !event.userId().startsWith("bad");
        for (int i = 0; i < 2_000; i++) {
            endpoint.decide(i % 100 < 25 ? "bad-" + i % 100 : "good-" + i % 11);
        }

        // When
        for (int turn = 0; turn < 2_000; turn++) {
            endpoint.turn();
        }

        // Then
        assertThat(endpoint.taken).hasSize(1_500);
        endpoint.write();
        assertThat(endpoint.dead().size()).isGreaterThanOrEqualTo(10);
        int perDelivery = SCHEDULE.waits().size() + 1;
        assertThat(endpoint.attempts).isLessThan(1_500 + 500 * perDelivery + 100);
    }

    @Test
    void shouldNotLetADeliveryDieWhileTheEndpointIsAway() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        long back = endpoint.now + 90_000;
        endpoint.takes = (event, now) -> now >= back;
        for (int i = 0; i < 500; i++) {
            endpoint.decide("user-" + i % 50);
        }

        // When
        while (endpoint.now < back) {
            endpoint.turn();
        }
        runOut(endpoint);

        // Then
        assertThat(endpoint.dead()).isEmpty();
        assertThat(endpoint.taken).hasSize(500);
        assertToldInOrder(endpoint);
    }

    @Test
    void shouldNotSendWhatIsNoLongerWanted() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        endpoint.takes = (event, now) -> false;
        endpoint.decide("removed");
        endpoint.decide("kept");
        while (endpoint.attempts < 2 || endpoint.dispatch().underWay() > 0) {
            endpoint.turn();
        }
        endpoint.takes = (event, now) -> true;

        // When
        endpoint.change(Events.forUsers(Events.endpoint(), "kept"));
        runOut(endpoint);

        // Then
        assertThat(endpoint.taken).extracting(Event::userId).containsExactly("kept");
        assertThat(endpoint.kept()).isEmpty();
    }

    @Test
    void shouldNotJudgeAnEndpointByWhatItsOldUrlAnswers() {
        // Given
        Backlog backlog = new Backlog(Events.endpoint(), "a-topic", SMALL, 1_000);
        Dispatch dispatch = new Dispatch(backlog, SCHEDULE, 0, 1_000, () -> 0.5);
        Lane lane = Lane.live(0, 0);
        backlog.add(lane);
        backlog.take(lane, Events.of("user", 0, 0));
        dispatch.wake(1_000);
        UserQueue queue = dispatch.next(1_000, 1);

        // When
        dispatch.change(Events.endpoint(URI.create("http://127.0.0.1:9001/")));
        dispatch.answered(
                queue,
                Events.endpoint().url(),
                new AttemptResult(new Attempt(999, 429, 1, null, null), Duration.ofHours(24)));

        // Then
        assertThat(dispatch.health().failingSince()).isZero();
        assertThat(dispatch.health().room(1_001, 1, 0)).isEqualTo(1);
    }

    @Test
    void shouldBeginAnewWithALogThatEndsBeforeWhatWasTakenUp() {
        // Given
        Backlog backlog = new Backlog(Events.endpoint(), "a-topic", SMALL, 1_000);
        Lane live = Lane.live(0, 100);
        Lane replay = Lane.replay("re_1", 0, 50, 60);
        backlog.add(live);
        backlog.add(replay);
        backlog.take(live, Events.of("user", 0, 100));

        // When
        backlog.beginAnew(live, 3);
        backlog.beginAnew(replay, 3);

        // Then: what is new tells everything, and nothing is told twice.
        assertThat(backlog.lanes()).extracting(Lane::next).containsExactly(3L, 60L);
        assertThat(backlog.lanes()).last().matches(Lane::isDone);
        assertThat(backlog.lanes().queueCount()).isZero();
        assertThat(backlog.eventsInMemory()).isZero();
    }

    @Test
    void shouldNotTakeWhatIsToldAgainForPending() {
        // Given
        Backlog backlog = new Backlog(Events.endpoint(), "a-topic", SMALL, 1_000);
        Lane live = Lane.live(0, 10);
        Lane replay = Lane.replay("re_1", 0, 0, 5);
        backlog.add(live);
        backlog.add(replay);

        // When
        backlog.take(replay, Events.of("user", 0, 0));
        Long duringReplay = backlog.lanes().oldestPendingAt();
        backlog.take(live, Events.of("user", 0, 10));

        // Then
        assertThat(duringReplay).isNull();
        assertThat(backlog.lanes().oldestPendingAt())
                .isEqualTo(Events.of("user", 0, 10).recordedAtMillis());
    }

    @Test
    void shouldSendLittleToAnEndpointThatTakesNothing() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        endpoint.takes = (event, now) -> false;
        for (int i = 0; i < 10_000; i++) {
            endpoint.decide("user-" + i);
        }

        // When
        for (int turn = 0; turn < 200 * 60; turn++) {
            endpoint.turn();
        }

        // Then: ten before it is parked, with what was under way, and then at the pace of the schedule's longest wait.
        assertThat(endpoint.dispatch().health().isParked()).isTrue();
        assertThat(endpoint.attempts).isBetween(30, 60);
        assertThat(endpoint.mostEvents).isLessThan(SMALL.events() + 25);
        assertThat(endpoint.mostLines).isLessThan(SMALL.queues() + 25);
    }

    @Test
    void shouldGiveUpADeliveryAfterItsLastAttemptAndGoOnWithTheNext() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        Event poison = endpoint.decide("user");
        Event next = endpoint.decide("user");
        endpoint.takes = (event, now) -> event != poison;

        // When
        runOut(endpoint);

        // Then
        assertThat(endpoint.taken).containsExactly(next);
        assertThat(endpoint.dead().keySet()).containsExactly("0-0");
        assertThat(WebhookCodec.delivery(endpoint.dead().get("0-0")).attempts()).hasSize(5);
        assertThat(endpoint.kept()).isEmpty();
    }

    @Test
    void shouldTellNothingWhilePausedAndEverythingAfterwards() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        endpoint.change(Events.withState(Events.endpoint(), EndpointState.PAUSED));
        for (int i = 0; i < 100; i++) {
            endpoint.decide("user-" + i % 10);
        }
        for (int turn = 0; turn < 100; turn++) {
            endpoint.turn();
        }
        assertThat(endpoint.attempts).isZero();

        // When
        endpoint.change(Events.endpoint());
        runOut(endpoint);

        // Then
        assertThat(endpoint.taken).hasSize(100);
        assertToldInOrder(endpoint);
    }

    @Test
    void shouldTellAgainWhatIsReplayedAndForgetThatItWasDead() {
        // Given
        SimulatedEndpoint endpoint = simulated(1);
        Event poison = endpoint.decide("user");
        endpoint.decide("user");
        endpoint.takes = (event, now) -> event != poison;
        runOut(endpoint);
        endpoint.takes = (event, now) -> true;

        // When
        endpoint.replay("re_1", 0, 0, 1);
        runOut(endpoint);

        // Then
        assertThat(endpoint.taken).last().isEqualTo(poison);
        assertThat(endpoint.taken).hasSize(2);
        assertThat(endpoint.dead()).isEmpty();
    }

    @RepeatedTest(20)
    void shouldKeepTheOrderWhileAReplayRunsBesideWhatIsNew() {
        // Given
        int users = 1 + random.nextInt(20);
        SimulatedEndpoint endpoint = simulated(1);
        int failing = random.nextInt(3);
        endpoint.takes = (event, now) -> random.nextInt(4) >= failing;
        for (int i = 0; i < 300; i++) {
            endpoint.decide("user-" + random.nextInt(users));
        }
        for (int turn = 0; turn < random.nextInt(100); turn++) {
            step(endpoint);
        }

        // When
        long end = endpoint.decided().get(endpoint.decided().size() - 1).offset() + 1;
        long from = random.nextLong(end);
        endpoint.replay("re_1", 0, from, from + 1 + random.nextLong(end - from));
        for (int turn = 0; turn < 300; turn++) {
            step(endpoint);
        }
        endpoint.takes = (event, now) -> true;
        runOut(endpoint);

        // Then
        assertToldInOrder(endpoint);
        assertThat(endpoint.kept()).isEmpty();
    }

    @Test
    void shouldTellWhatWasPassedOverBehindOneThatWaitsOnceItIsWanted() {
        // Given: what is behind the one that fails was read, and is not wanted.
        SimulatedEndpoint endpoint = simulated(1);
        Endpoint both = Events.endpoint();
        endpoint.change(Events.forTypes(both, TRANSACTION_ACCEPTED));
        Event first = endpoint.decide("user");
        Event rejected = endpoint.decide("user", TRANSACTION_REJECTED);
        Event last = endpoint.decide("user");
        endpoint.takes = (event, now) -> event != first;
        untilOneHasFailed(endpoint);

        // When
        endpoint.change(Events.forTypes(both, TRANSACTION_ACCEPTED, TRANSACTION_REJECTED));
        endpoint.replay("re_1", 0, rejected.offset(), rejected.offset() + 1);
        endpoint.turn();
        endpoint.takes = (event, now) -> true;
        runOut(endpoint);

        // Then: once, and in its order.
        assertThat(endpoint.taken).containsExactly(first, rejected, last);
        assertThat(endpoint.kept()).isEmpty();
    }

    @RepeatedTest(40)
    void shouldLeaveNothingOutOfAReplayAfterTheFilterWasWidened() {
        // Given
        int users = 1 + random.nextInt(20);
        SimulatedEndpoint endpoint = simulated(1);
        Endpoint both = Events.endpoint();
        endpoint.change(Events.forTypes(both, TRANSACTION_ACCEPTED));
        int failing = 1 + random.nextInt(3);
        endpoint.takes = (event, now) -> random.nextInt(4) >= failing;
        for (int i = 0; i < 300; i++) {
            endpoint.decide(
                    "user-" + random.nextInt(users),
                    random.nextBoolean() ? TRANSACTION_ACCEPTED : TRANSACTION_REJECTED);
        }
        int turns = random.nextInt(100);
        for (int turn = 0; turn < turns; turn++) {
            step(endpoint);
        }

        // When
        endpoint.change(Events.forTypes(both, TRANSACTION_ACCEPTED, TRANSACTION_REJECTED));
        long end = endpoint.decided().get(endpoint.decided().size() - 1).offset() + 1;
        endpoint.replay("re_1", 0, 0, end);
        for (int turn = 0; turn < 300; turn++) {
            step(endpoint);
        }
        endpoint.takes = (event, now) -> true;
        runOut(endpoint);

        // Then
        Set<String> told = new HashSet<>(endpoint.dead().keySet());
        endpoint.taken.forEach(event -> told.add(event.id()));
        assertThat(told)
                .as("told or dead, with seed %d", seed)
                .containsAll(endpoint.decided().stream().map(Event::id).toList());
        assertThat(endpoint.kept()).as("seed %d", seed).isEmpty();
    }

    private void untilOneHasFailed(SimulatedEndpoint endpoint) {
        int turns = 0;
        while (endpoint.attempts < 1 || endpoint.dispatch().underWay() > 0) {
            assertThat(turns++).as("turns with seed %d", seed).isLessThan(TURNS_MAX);
            endpoint.turn();
        }
    }
}
