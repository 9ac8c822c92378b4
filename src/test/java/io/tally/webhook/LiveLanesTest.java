package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.Progress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveLanesTest {
    private static final String TOPIC = "a-topic";
    private static final long CREATED = 5_000;

    private final Backlog backlog =
            new Backlog(Events.startingAt(Events.endpoint(), CREATED, 10, 20), TOPIC, Room.Bounds.STANDARD, 9_000);

    @Test
    void shouldBeginAtTheStartThatTheEndpointWasGivenWhereNothingIsKnown() {
        // When: the output has got a partition more since.
        Set<Integer> madeAnew = LiveLanes.open(backlog, TOPIC, Set.of(0, 1, 2), Map.of());

        // Then
        assertThat(places()).containsOnly(Map.entry(0, 10L), Map.entry(1, 20L), Map.entry(2, 0L));
        assertThat(madeAnew).isEmpty();
    }

    @Test
    void shouldGoOnOnlyWithWhatIsOursAndOfThisTopic() {
        // Given
        Map<Integer, Lane.Stored> stored = Map.of(
                0, stored(100, CREATED, 0, TOPIC),
                1, stored(101, CREATED - 1, 0, TOPIC),
                2, stored(102, CREATED, 0, "a-topic-that-was"),
                3, stored(103, CREATED - 1, 0, "a-topic-that-was"),
                4, stored(104, CREATED, 0, null));

        // When
        Set<Integer> madeAnew = LiveLanes.open(backlog, TOPIC, Set.of(0, 1, 2, 3, 4), stored);

        // Then: a successor begins at its own start, which is of the topic as it is now.
        assertThat(places())
                .containsOnly(
                        Map.entry(0, 100L), Map.entry(1, 20L), Map.entry(2, 0L), Map.entry(3, 0L), Map.entry(4, 104L));
        assertThat(madeAnew).containsExactly(2);
    }

    @Test
    void shouldTakeAnEndpointForFailingSinceTheLatestTimeOfAllUnlessOnePartitionHasDelivered() {
        // Given
        Map<Integer, Lane.Stored> failing =
                Map.of(0, stored(1, CREATED, 7_000, TOPIC), 1, stored(1, CREATED, 8_000, TOPIC));
        Map<Integer, Lane.Stored> delivered = new HashMap<>(failing);
        delivered.put(2, stored(1, CREATED, 0, TOPIC));

        // Then
        assertThat(failingSince(failing)).isEqualTo(8_000);
        assertThat(failingSince(delivered)).isZero();
        assertThat(failingSince(Map.of())).isZero();
    }

    @Test
    void shouldNotTakeAPredecessorsFailureForTheEndpoints() {
        // Given
        Lane.Stored predecessors = stored(1, CREATED - 1, 7_000, TOPIC);

        // Then
        assertThat(failingSince(Map.of(0, predecessors))).isZero();
        assertThat(failingSince(Map.of(0, predecessors, 1, stored(1, CREATED, 5_000, TOPIC))))
                .isEqualTo(5_000);
        assertThat(failingSince(Map.of(0, stored(1, CREATED, 6_000, "a-topic-that-was"))))
                .isEqualTo(6_000);
    }

    private long failingSince(Map<Integer, Lane.Stored> stored) {
        return LiveLanes.failingSince(backlog.endpoint(), TOPIC, stored);
    }

    private Map<Integer, Long> places() {
        Map<Integer, Long> places = new HashMap<>();
        backlog.lanes().forEach(lane -> places.put(lane.partition(), lane.next()));
        return places;
    }

    private static Lane.Stored stored(long next, long endpointCreatedAt, long failingSince, @Nullable String topicId) {
        return new Lane.Stored(new Progress(next, Map.of(), endpointCreatedAt, failingSince, topicId), List.of());
    }
}
