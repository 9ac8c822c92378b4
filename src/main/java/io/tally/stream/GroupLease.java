package io.tally.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether this process can still be sure that its partitions are its own. The group gives them away when it has not heard a
 * heartbeat for the session time-out; a process that is cut off from the brokers, or was held up, hears of that late, and
 * would say of what others have decided since that it does not exist. Thread-safe.
 *
 * <p>Only a heartbeat that was answered counts, and from when it was sent: who is cut off without a word goes on sending. The
 * client says when it sent the last one, and how many were answered; what it was that was answered follows from looking often.
 */
final class GroupLease {
    private static final String SENT = "last-heartbeat-seconds-ago";
    private static final String ANSWERED = "heartbeat-total";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;

    GroupLease() {
        this(System::nanoTime);
    }

    GroupLease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a member of the group into account, which has not joined yet.
     *
     * @param metrics of its consumer
     * @param session after which the group gives its partitions away
     * @param interval between two heartbeats, at least
     */
    Member watch(Map<MetricName, ? extends Metric> metrics, Duration session, Duration interval) {
        Member member = new Member(named(SENT, metrics), named(ANSWERED, metrics), session, interval);
        members.add(member);
        return member;
    }

    private static Metric named(String name, Map<MetricName, ? extends Metric> metrics) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalStateException("Expected a consumer to have the metric " + name));
    }

    /** Whether the group has heard every member within its session's time-out. */
    boolean holds() {
        long now = nanoTime.getAsLong();
        for (Member member : members) {
            // A second less, for a heartbeat that was sent again at once.
            if (now - member.heardAt > member.session - SECOND) {
                return false;
            }
        }
        return true;
    }

    /** One consumer. For the thread that polls it. */
    final class Member {
        private final Metric sent;
        private final Metric answered;
        private final long session;
        private final long interval;
        private long lookedAt;
        /** The last heartbeat was not sent before. */
        private long sentAt;

        private double answers;
        /** Whether an answer to the last heartbeat may still come. */
        private boolean awaiting;

        private long lastHeardAt;
        private volatile long heardAt;

        private Member(Metric sent, Metric answered, Duration session, Duration interval) {
            this.sent = sent;
            this.answered = answered;
            this.session = session.toNanos();
            this.interval = interval.toNanos();
            this.lookedAt = nanoTime.getAsLong();
            // It joins later, and the group hears it then.
            this.sentAt = lookedAt;
            this.lastHeardAt = lookedAt;
            this.heardAt = lookedAt;
        }

        /** Looks what has become of heartbeats; to be called before each poll. */
        void look() {
            double total = value(answered);
            double secondsAgo = value(sent);
            long now = nanoTime.getAsLong();
            // In whole seconds, rounded down; below zero when there was none.
            long latest = secondsAgo < 0 ? sentAt : now - (long) (secondsAgo + 1) * SECOND;
            boolean another = latest - sentAt > SECOND;
            if (total == answers) {
                awaiting = awaiting || another;
            } else if (now - lookedAt < interval && !(awaiting && another)) {
                // At most one was under way, and it was this one.
                awaiting = false;
            } else {
                // It may have been the one before.
                lastHeardAt = sentAt;
                awaiting = true;
            }
            sentAt = Math.max(sentAt, latest);
            if (!awaiting) {
                lastHeardAt = sentAt;
            }
            answers = total;
            lookedAt = now;
        }

        /** Believes what it has seen; to be called after the poll, which would have told if the answer was that the member is out. */
        void confirm() {
            heardAt = lastHeardAt;
        }

        private double value(Metric metric) {
            return (Double) metric.metricValue();
        }
    }
}
