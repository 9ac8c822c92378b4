package io.tally.gateway;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committed outcomes as they are committed, of all users and from any instance: it reads the output itself, in one thread,
 * while somebody listens and a little longer. The latest stretch stays in memory, and is read again when the feed
 * starts, so that who was cut off resumes without loss or repeat. In each partition the order is the log's.
 *
 * <p>Kafka's failures end nobody's reading: it tries again, and goes on where it was; where that is impossible, every subscription is
 * told to begin anew. Thread-safe.
 */
public final class OutcomeFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OutcomeFeed.class);

    /** About a second of outcomes at the highest rate measured. */
    private static final int RING_EVENTS = 1 << 16;

    private static final long RING_BYTES = 48L << 20;

    /**
     * How many offsets of a partition are read again at the start, at most: of all together, what the ring takes. More than
     * most transactions have, by two of which the stores may be behind.
     */
    private static final int STRETCH = 16_384;

    /** Who was cut off comes back, and should find the stretch as it was. */
    private static final Duration LINGER = Duration.ofMinutes(1);

    /** Also how long somebody new waits to be admitted. */
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(6);

    private final Map<String, String> kafka;
    private final String topic;
    private final int partitions;
    private final Duration linger;
    private final Subscribers subscribers;
    private final StopSignal stop = new StopSignal();
    private volatile @Nullable FeedSource current;
    private volatile @Nullable Thread thread;

    /**
     * Makes the feed; it connects when somebody listens.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param topic the output
     * @param partitions of the output, as the ledger was made
     */
    public OutcomeFeed(Map<String, String> kafka, String topic, int partitions) {
        this(kafka, topic, partitions, LINGER);
    }

    OutcomeFeed(Map<String, String> kafka, String topic, int partitions, Duration linger) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
        this.partitions = partitions;
        this.linger = linger;
        this.subscribers = new Subscribers(new FeedRing(partitions, RING_EVENTS, RING_BYTES));
    }

    /**
     * Listens. The future has the subscription once it is sure to miss nothing from then on; it waits for the brokers, so give it a
     * time-out. Who gives up completes or cancels it. It fails with {@link IllegalArgumentException} when the position is one of
     * this topic, but not of what the listener is interested in.
     *
     * @param after where to go on; null for what is committed from now on. Behind the stretch, and in another topic, the
     *     subscription is reset
     * @param wake called from any thread when there may be something to take; must return at once
     */
    public CompletableFuture<Subscription> subscribe(Interest interest, @Nullable FeedPosition after, Runnable wake) {
        CompletableFuture<Subscription> subscription = new CompletableFuture<>();
        if (stop.isRaised()) {
            subscription.completeExceptionally(new IllegalStateException("The feed was closed"));
        } else if (subscribers.subscribe(interest, after, wake, subscription)) {
            Thread started = new Thread(this::run, "tally-feed");
            started.setDaemon(true);
            thread = started;
            try {
                started.start();
            } catch (OutOfMemoryError e) {
                // The system gives no more threads.
                subscribers.startFailed(e);
            }
        }
        return subscription;
    }

    private void run() {
        boolean wanted = true;
        boolean down = false;
        while (wanted && !stop.isRaised()) {
            try (FeedSource source = FeedSource.connect(kafka, topic, partitions)) {
                current = source;
                down = false;
                follow(source);
                wanted = false;
            } catch (WakeupException e) {
                log.debug("The feed stops");
            } catch (RuntimeException | Error e) {
                // Whatever it is, a lack of memory too, the readers stay, and the next attempt is as good as any.
                if (!down) {
                    log.warn("The outcomes cannot be followed now; trying again", e);
                }
                down = true;
                wanted = !subscribers.stopIfIdle(linger.toNanos());
                stop.pause(PAUSE);
            } finally {
                current = null;
            }
        }
    }

    /** Follows until nobody wants it any longer, or the feed is closed. */
    private void follow(FeedSource source) {
        long[] beginnings = source.beginnings();
        long[] committed = source.committedEnds();
        if (!subscribers.canGoOn(new FeedStretch(source.topicTag(), beginnings, committed))) {
            subscribers.restart(source.topicTag(), stretch(beginnings, committed));
        }
        source.seek(subscribers.ends());
        boolean loaded = false;
        while (!stop.isRaised() && !subscribers.stopIfIdle(linger.toNanos())) {
            ConsumerRecords<byte[], byte[]> records = source.poll(POLL);
            subscribers.append(FeedSource.events(records), FeedSource.ends(records));
            loaded = loaded || subscribers.reached(committed);
            if (loaded) {
                subscribers.admit(subscribers.asksBeyondRing() ? source.committedEnds() : null);
            }
        }
    }

    private long[] stretch(long[] beginnings, long[] committed) {
        int length = Math.max(1, Math.min(STRETCH, RING_EVENTS / partitions));
        long[] from = new long[partitions];
        Arrays.setAll(from, partition -> Math.max(beginnings[partition], committed[partition] - length));
        return from;
    }

    /** Stops reading. Readers get nothing more, and who waits to listen is told so. */
    @Override
    public void close() {
        stop.raise();
        subscribers.rejectPending(new IllegalStateException("The feed was closed"));
        FeedSource source = current;
        if (source != null) {
            source.wakeUp();
        }
        Thread running = thread;
        if (running != null) {
            StopSignal.awaitEnd(running, STOP);
        }
    }
}
