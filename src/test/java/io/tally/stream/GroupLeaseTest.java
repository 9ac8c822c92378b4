package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the lease makes of a consumer's metrics, as Kafka's client sets them. */
class GroupLeaseTest {
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(3);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(45);
    private static final long STEP_MS = 100;

    private long nowMs = 1_234_567;
    /** The wall clock's distance from the other. */
    private long wallAheadMs = 1_790_000_000_000L;

    private long sentMs = -1;
    private double answers;

    private final GroupLease lease = new GroupLease(() -> nowMs * 1_000_000, this::wallMs);
    private final GroupLease.Member member = watch();
    private final List<GroupLease.Member> polled = new ArrayList<>(List.of(member));

    private GroupLease.Member watch() {
        return lease.watch(
                Stream.of(
                                metric(
                                        "last-heartbeat-seconds-ago",
                                        () -> sentMs < 0
                                                ? -1.0
                                                : (double) TimeUnit.MILLISECONDS.toSeconds(wallMs() - sentMs)),
                                metric("heartbeat-total", () -> answers))
                        .collect(Collectors.toMap(Metric::metricName, metric -> metric)),
                SESSION,
                INTERVAL,
                LONGEST_POLL);
    }

    @Test
    void shouldHoldWhileHeartbeatsAreAnswered() {
        for (int beat = 0; beat < 20; beat++) {
            // When
            passPolling(3_000);
            send();
            passPolling(beat % 2 == 0 ? 0 : 200);
            answers++;
            passPolling(STEP_MS);

            // Then
            assertThat(lease.holds()).as("after heartbeat %d", beat).isTrue();
        }
    }

    @Test
    void shouldNotCountHeartbeatsThatNobodyAnswers() {
        // Given
        long heardMs = sendAnswered();

        // When
        while (nowMs < heardMs + 8_000) {
            passPolling(2_800);
            send();
        }
        boolean justBefore = lease.holds();
        passPolling(heardMs + 9_200 - nowMs);

        // Then
        assertThat(justBefore).isTrue();
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void shouldCountALateAnswerFromWhenItsHeartbeatWasSent() {
        // Given
        passPolling(3_000);
        send();
        long heardMs = nowMs;
        passPolling(5_000);

        // When
        answers++;
        passPolling(STEP_MS);

        // Then
        assertThat(lease.holds()).isTrue();
        passPolling(heardMs + 9_200 - nowMs);
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void shouldTakeAnAnswerForTheOlderOfTwoHeartbeats() {
        // Given
        passPolling(3_000);
        send();
        long heardMs = nowMs;
        passPolling(3_000);

        // When: between two looks the first is answered and the second sent.
        answers++;
        send();
        passPolling(STEP_MS);
        passPolling(heardMs + 9_200 - nowMs);

        // Then
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void shouldNotHoldAfterAPauseUntilTheGroupHasAnsweredAndTheConsumerHasHeard() {
        // Given
        sendAnswered();

        // When
        nowMs += 20_000;
        boolean awake = lease.holds();
        member.look();
        send();
        boolean sent = lease.holds();
        member.look();
        member.confirm();
        answers++;
        boolean answered = lease.holds();
        member.look();
        boolean seen = lease.holds();
        member.confirm();

        // Then
        assertThat(awake).isFalse();
        assertThat(sent).isFalse();
        assertThat(answered).isFalse();
        assertThat(seen).as("before the consumer was polled").isFalse();
        assertThat(lease.holds()).isTrue();
    }

    @Test
    void shouldNotTakeWhatCameDuringALongPollForTheLatest() {
        // Given
        long heardMs = sendAnswered();

        // When: held up while one heartbeat is answered and the next is not.
        nowMs += 3_000;
        answers++;
        nowMs += 3_000;
        send();
        passPolling(STEP_MS);
        passPolling(heardMs + 9_200 - nowMs);

        // Then
        assertThat(lease.holds()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNotHoldWhenOneOfTwoMembersIsNotHeard(int unheard) {
        // Given
        polled.add(watch());
        long bothHeardMs = sendAnswered();

        // When
        polled.remove(unheard);
        sendAnswered();
        sendAnswered();
        passPolling(bothHeardMs + 7_900 - nowMs);
        boolean justBefore = lease.holds();
        passPolling(bothHeardMs + 9_200 - nowMs);

        // Then
        assertThat(justBefore).isTrue();
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void shouldNotHoldForOneThatNeverJoined() {
        passPolling(8_900);
        assertThat(lease.holds()).isTrue();
        passPolling(200);
        assertThat(lease.holds()).isFalse();
    }

    @Test
    void shouldNotHoldAfterASuspensionThatOnlyTheWallClockCounts() {
        // Given
        sendAnswered();

        // When
        wallAheadMs += 15_000;
        boolean awake = lease.holds();
        passPolling(STEP_MS);
        boolean polled = lease.holds();
        send();
        passPolling(1_000);
        boolean sent = lease.holds();
        answers++;
        passPolling(STEP_MS);
        boolean answered = lease.holds();

        // Then
        assertThat(awake).isFalse();
        assertThat(polled).isFalse();
        assertThat(sent).isFalse();
        assertThat(answered).isTrue();
    }

    @Test
    void shouldNotTakeAnAnswerFromBeforeASuspensionForALaterOne() {
        // Given
        sendAnswered();
        passPolling(3_000);
        send();
        passPolling(STEP_MS);

        // When: the answer has come meanwhile, and the next heartbeat is sent before it is seen.
        wallAheadMs += 15_000;
        answers++;
        send();
        passPolling(STEP_MS);

        // Then
        assertThat(lease.holds()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {500, 2_000, 5_000, 3_600_000})
    void shouldNotHoldLongerWhenTheWallClockIsSetBack(long backMs) {
        // Given
        long heardMs = sendAnswered();
        passPolling(2_500);

        // When
        wallAheadMs -= backMs;
        passPolling(200);
        while (nowMs < heardMs + 8_000) {
            send();
            passPolling(2_800);
        }
        passPolling(Math.max(0, heardMs + 9_200 - nowMs));

        // Then
        assertThat(lease.holds()).isFalse();
    }

    /** Where heartbeats go on. Kafka's client holds them back; when it is for more than 3 s, {@link Watchdog} ends the process. */
    @Test
    void shouldHoldAgainAfterTheWallClockWasSetBack() {
        // Given
        sendAnswered();
        wallAheadMs -= 3_600_000;

        for (int beat = 0; beat < 10; beat++) {
            // When
            passPolling(3_000);
            send();
            passPolling(200);
            answers++;
            passPolling(STEP_MS);

            // Then
            assertThat(lease.holds()).as("after heartbeat %d", beat).isTrue();
        }
    }

    @Test
    void shouldTellThatAMemberPollsNoLonger() {
        // Given
        passPolling(STEP_MS);
        assertThat(lease.polls()).isTrue();

        // When
        nowMs += LONGEST_POLL.toMillis();
        boolean justBefore = lease.polls();
        nowMs++;

        // Then
        assertThat(justBefore).isTrue();
        assertThat(lease.polls()).isFalse();
        poll();
        assertThat(lease.polls()).isTrue();
    }

    /** The first heartbeat, and its answer; returns when it was sent. */
    private long sendAnswered() {
        passPolling(3_000);
        send();
        long at = nowMs;
        answers++;
        passPolling(STEP_MS);
        return at;
    }

    private void send() {
        sentMs = wallMs();
    }

    private long wallMs() {
        return nowMs + wallAheadMs;
    }

    private void passPolling(long millis) {
        for (long end = nowMs + millis; nowMs < end; nowMs += Math.min(STEP_MS, end - nowMs)) {
            poll();
        }
        poll();
    }

    private void poll() {
        polled.forEach(GroupLease.Member::look);
        polled.forEach(GroupLease.Member::confirm);
    }

    private static Metric metric(String name, Supplier<Object> value) {
        MetricName metricName = new MetricName(name, "consumer-coordinator-metrics", "", Map.of());
        return new Metric() {
            @Override
            public MetricName metricName() {
                return metricName;
            }

            @Override
            public Object metricValue() {
                return value.get();
            }
        };
    }
}
