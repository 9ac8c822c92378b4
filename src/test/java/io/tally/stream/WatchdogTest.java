package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchdogTest {
    private static final Duration LONGEST_POLL = Duration.ofSeconds(45);

    private long nowMs = 1_234_567;
    private long wallMs = 1_790_000_000_000L;

    private final List<String> stops = new ArrayList<>();
    private final GroupLease lease = new GroupLease(() -> nowMs * 1_000_000, () -> wallMs);
    private final GroupLease.Member first = member();
    private final GroupLease.Member second = member();
    private final Watchdog watchdog =
            new Watchdog(lease, (reason, cause) -> stops.add(reason), () -> nowMs * 1_000_000, () -> wallMs);

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void shouldStopTheProcessWhenOneOfItsThreadsHangs() {
        // Given
        pass(LONGEST_POLL.toMillis(), first);
        assertThat(stops).isEmpty();

        // When
        pass(1_000, first);

        // Then
        assertThat(stops).singleElement().asString().contains("has not polled", "max.poll.interval.ms");
    }

    @Test
    void shouldLetThreadsThatPollGoOn() {
        pass(10 * LONGEST_POLL.toMillis(), first, second);

        assertThat(stops).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3_001, 3_600_000})
    void shouldStopTheProcessWhenTheWallClockIsSetBack(long backMs) {
        // Given
        pass(5_000, first, second);

        // When
        wallMs -= backMs;
        watchdog.look();

        // Then
        assertThat(stops).singleElement().asString().contains("set back by " + backMs + " ms");
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -1, 3_000})
    void shouldNotMindAClockThatIsSetForwardOrALittleBack(long backMs) {
        for (int time = 0; time < 5; time++) {
            pass(5_000, first, second);
            wallMs -= backMs;
            watchdog.look();
        }

        assertThat(stops).isEmpty();
    }

    /** The time of both clocks, in which these threads poll. */
    private void pass(long millis, GroupLease.Member... polling) {
        for (long passed = 0; passed < millis; passed += 1_000) {
            nowMs += 1_000;
            wallMs += 1_000;
            for (GroupLease.Member member : polling) {
                member.look();
            }
            watchdog.look();
        }
    }

    private GroupLease.Member member() {
        Map<MetricName, Metric> metrics = Map.of(
                name("last-heartbeat-seconds-ago"), metric("last-heartbeat-seconds-ago"),
                name("heartbeat-total"), metric("heartbeat-total"));
        return lease.watch(metrics, Duration.ofSeconds(10), Duration.ofSeconds(3), LONGEST_POLL);
    }

    private static MetricName name(String name) {
        return new MetricName(name, "consumer-coordinator-metrics", "", Map.of());
    }

    private static Metric metric(String name) {
        return new Metric() {
            @Override
            public MetricName metricName() {
                return name(name);
            }

            @Override
            public Object metricValue() {
                return 0.0;
            }
        };
    }
}
