package io.tally.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Whether this process can still be sure that its partitions are its own. The group gives them away when it has not heard a
 * heartbeat for the session time-out; a process that is cut off from the brokers, or was held up, hears of that late, and
 * would say of what others have decided since that it does not exist. Thread-safe.
 */
final class GroupLease {
    private static final String SENT = "last-heartbeat-seconds-ago";

    private record Member(Metric lastHeartbeat, long session, long since) {
        /** In whole seconds, rounded down. The first heartbeat goes out some seconds after the group has taken us in. */
        long quiet() {
            double seconds = (Double) lastHeartbeat.metricValue();
            return seconds < 0 ? TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since) : (long) seconds;
        }
    }

    private final List<Member> members = new CopyOnWriteArrayList<>();

    /** Takes a member of the group into account. */
    void watch(Consumer<?, ?> consumer, Duration sessionTimeout) {
        consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(SENT))
                .forEach(metric -> members.add(new Member(metric, sessionTimeout.toSeconds(), System.nanoTime())));
    }

    /** Whether every member has sent a heartbeat within its session's time-out. */
    boolean holds() {
        for (Member member : members) {
            if (member.quiet() + 1 > member.session()) {
                return false;
            }
        }
        return true;
    }
}
