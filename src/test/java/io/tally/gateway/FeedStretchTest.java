package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Both sides of each limit, of a stretch of two partitions. */
class FeedStretchTest {
    private static final int TOPIC = 7;
    private static final Interest ALL = Interest.everyone();
    private static final Interest ADA = Interest.user("ada", 1);

    private final FeedStretch stretch = new FeedStretch(TOPIC, new long[] {100, 200}, new long[] {110, 210});

    private static FeedPosition ofAll(long... next) {
        return new FeedPosition(TOPIC, FeedPosition.ALL, next);
    }

    private static FeedPosition of(int partition, long... next) {
        return new FeedPosition(TOPIC, partition, next);
    }

    private static FeedPosition ofAnotherTopic(FeedPosition position) {
        return new FeedPosition(TOPIC + 1, position.partition(), position.next());
    }

    @Test
    void shouldTakeForMisplacedWhatWasGivenToAnotherInterestInItsTopic() {
        assertThat(stretch.isMisplaced(ALL, ofAll(0, 0))).isFalse();
        assertThat(stretch.isMisplaced(ALL, ofAll(0))).isTrue();
        assertThat(stretch.isMisplaced(ALL, ofAll(0, 0, 0))).isTrue();
        assertThat(stretch.isMisplaced(ALL, of(1, 0))).isTrue();
        assertThat(stretch.isMisplaced(ADA, of(1, 0))).isFalse();
        assertThat(stretch.isMisplaced(ADA, of(0, 0))).isTrue();
        assertThat(stretch.isMisplaced(ADA, ofAll(0, 0))).isTrue();
        assertThat(stretch.isMisplaced(ADA, ofAnotherTopic(ofAll(0, 0)))).isFalse();
    }

    @Test
    void shouldEndBeforeAPositionOfItsTopicThatIsFurtherInAnyPartition() {
        assertThat(stretch.endsBefore(ALL, ofAll(110, 210))).isFalse();
        assertThat(stretch.endsBefore(ALL, ofAll(111, 210))).isTrue();
        assertThat(stretch.endsBefore(ALL, ofAll(0, 211))).isTrue();
        assertThat(stretch.endsBefore(ADA, of(1, 210))).isFalse();
        assertThat(stretch.endsBefore(ADA, of(1, 211))).isTrue();
        assertThat(stretch.endsBefore(ADA, of(0, 999))).as("misplaced").isFalse();
        assertThat(stretch.endsBefore(ALL, ofAnotherTopic(ofAll(999, 999)))).isFalse();
        assertThat(stretch.to(new long[] {110, 211}).endsBefore(ADA, of(1, 211)))
                .isFalse();
    }

    @Test
    void shouldCoverWhatComesBehindAPositionFromItsStartsToItsEnds() {
        assertThat(stretch.covers(ALL, ofAll(100, 200))).isTrue();
        assertThat(stretch.covers(ALL, ofAll(110, 210))).isTrue();
        assertThat(stretch.covers(ALL, ofAll(99, 210))).isFalse();
        assertThat(stretch.covers(ALL, ofAll(100, 211))).isFalse();
        assertThat(stretch.covers(ADA, of(1, 200))).isTrue();
        assertThat(stretch.covers(ADA, of(1, 199))).isFalse();
        assertThat(stretch.covers(ADA, of(1, 211))).isFalse();
        assertThat(stretch.to(new long[] {110, 211}).covers(ADA, of(1, 211))).isTrue();
        assertThat(stretch.covers(ALL, ofAnotherTopic(ofAll(100, 200)))).isFalse();
        assertThat(stretch.covers(ALL, ofAnotherTopic(ofAll(1, 2, 3)))).isFalse();
    }

    @Test
    void shouldHaveReachedItsEndsAndNoFurther() {
        assertThat(stretch.hasReached(new long[] {110, 210})).isTrue();
        assertThat(stretch.hasReached(new long[] {111, 210})).isFalse();
        assertThat(stretch.hasReached(new long[] {110, 211})).isFalse();
    }
}
