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
 * client says when it sent the last one, and how many were answered, but not which: looked at before each poll, at most one was
 * under way when the count rises, and that one was answered. After a longer gap it may have been the one before.
 *
 * <p>Of a second process with the same instance id it knows nothing: a pod that was deleted by force while its node lives, a
 * data directory that was copied. The second takes the first one's place without a rebalance, and the first answers look-ups
 * until its next heartbeat is refused, or the session's time-out less a second has passed, 9 s when unset.
 */
final class GroupLease {
    private static final String SENT = "last-heartbeat-seconds-ago";
    private static final String ANSWERED = "heartbeat-total";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SECOND_MS = 1_000;

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;
    private final LongSupplier wallClock;

    GroupLease() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    /** @param wallClock the one that the consumer goes by, in ms */
    GroupLease(LongSupplier nanoTime, LongSupplier wallClock) {
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
    }

    /** A moment by both clocks: one may stand while the machine is suspended, the other goes on but may be set. */
    private record Moment(long nanos, long millis) {
        /** How long it is until another, in ns, by the clock that says longer. */
        long until(Moment later) {
            return Math.max(later.nanos - nanos, TimeUnit.MILLISECONDS.toNanos(later.millis - millis));
        }

        Moment plus(long more) {
            return new Moment(nanos + TimeUnit.MILLISECONDS.toNanos(more), millis + more);
        }
    }

    private Moment now() {
        return new Moment(nanoTime.getAsLong(), wallClock.getAsLong());
    }

    /**
     * Takes a member of the group into account, which has not joined yet.
     *
     * @param metrics of its consumer
     * @param session after which the group gives its partitions away
     * @param interval between two heartbeats, at least
     * @param longestPoll between two polls, before the group does without it
     */
    Member watch(Map<MetricName, ? extends Metric> metrics, Duration session, Duration interval, Duration longestPoll) {
        Member member = new Member(named(SENT, metrics), named(ANSWERED, metrics), session, interval, longestPoll);
        members.add(member);
        return member;
    }

    private static Metric named(String name, Map<MetricName, ? extends Metric> metrics) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalStateException("Expected a consumer to have the metric " + name));
    }

    /** Whether the group has heard every member within its session's time-out, less a second. */
    boolean holds() {
        Moment now = now();
        for (Member member : members) {
            // A second less, for a heartbeat that was sent again at once.
            if (member.heardAt.until(now) > member.session - SECOND) {
                return false;
            }
        }
        return true;
    }

    /** Whether every member has polled as lately as the group asks of it. A thread that hangs does not find out by itself. */
    boolean polls() {
        long now = nanoTime.getAsLong();
        return members.stream().allMatch(member -> now - member.lookedAt.nanos <= member.longestPoll);
    }

    /** One consumer. For the thread that polls it. */
    final class Member {
        private final Metric sent;
        private final Metric answered;
        private final long session;
        private final long interval;
        private final long longestPoll;
        private volatile Moment lookedAt;
        /** The last heartbeat was not sent before. */
        private Moment sentAt;

        private double answers;
        /** Whether an answer to the last heartbeat may still come. */
        private boolean awaiting;

        private Moment lastHeardAt;
        private volatile Moment heardAt;

        private Member(Metric sent, Metric answered, Duration session, Duration interval, Duration longestPoll) {
            this.sent = sent;
            this.answered = answered;
            this.session = session.toNanos();
            this.interval = interval.toNanos();
            this.longestPoll = longestPoll.toNanos();
            this.lookedAt = now();
            // It joins later, and the group hears it then.
            this.sentAt = lookedAt;
            this.lastHeardAt = lookedAt;
            this.heardAt = lookedAt;
        }

        /** Looks what has become of heartbeats; to be called before each poll. */
        void look() {
            double total = value(answered);
            double secondsAgo = value(sent);
            Moment now = now();
            // In whole seconds, rounded down; below zero when there was none.
            Moment latest = secondsAgo < 0 ? sentAt : now.plus(-(long) (secondsAgo + 1) * SECOND_MS);
            // By the clock that the client goes by, the same one stays where it was, even when that clock is set.
            long further = latest.millis - sentAt.millis;
            boolean moved = Math.abs(further) > SECOND_MS;
            boolean another = moved || latest.nanos - sentAt.nanos > SECOND;
            if (total == answers) {
                awaiting = awaiting || another;
            } else if (lookedAt.until(now) < interval && !(awaiting && another)) {
                // At most one was under way, and it was this one.
                awaiting = false;
            } else {
                // It may have been the one before.
                lastHeardAt = sentAt;
                awaiting = true;
            }
            sentAt = moved ? latest : sentAt.plus(Math.max(0, further));
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
