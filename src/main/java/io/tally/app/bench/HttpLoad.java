package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sends requests over a fixed number of connections, each with a thread of its own. */
final class HttpLoad {
    /** Longer than any answer takes: a command is waited for for 5 s. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(15);

    /** A service that is gone is not asked again as fast as it refuses. */
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private static final int STACK_BYTES = 256 << 10;

    private final HttpTarget target;
    private final List<Caller> callers = new ArrayList<>();

    /**
     * Makes the connections' callers; they connect when they begin.
     *
     * @param attempts makes each connection's requests; what it gives is for one thread
     */
    HttpLoad(HttpTarget target, int connections, Supplier<Supplier<Attempt>> attempts) {
        this.target = target;
        for (int i = 0; i < connections; i++) {
            callers.add(new Caller(attempts.get()));
        }
    }

    /** Sends for a time, waits for the last answers, and says what came. */
    Answers run(int perSecond, Duration time) throws InterruptedException {
        long start = System.nanoTime();
        Pace pace = new Pace(start, perSecond);
        List<Thread> threads = new ArrayList<>();
        for (Caller caller : callers) {
            Thread thread = new Thread(null, () -> caller.run(pace, start + time.toNanos()), "bench", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        long patience = start + time.plus(LAST_ANSWERS).toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (patience - System.nanoTime()) / 1_000_000));
        }
        // Who still waits, waits in vain: the connection is closed under it.
        callers.forEach(Caller::disconnect);
        for (Thread thread : threads) {
            thread.join();
        }
        return Answers.together(
                (System.nanoTime() - start) / 1e9,
                callers.stream().map(Caller::answers).toList());
    }

    /** One connection and its thread. */
    private final class Caller {
        private final Supplier<Attempt> attempts;
        private final Histogram nanos = new Histogram(3);
        private final Map<String, Long> faults = new TreeMap<>();
        private volatile @Nullable HttpConnection connection;

        Caller(Supplier<Attempt> attempts) {
            this.attempts = attempts;
        }

        void run(Pace pace, long end) {
            for (long due = pace.next(); due < end; due = pace.next()) {
                Attempt attempt = attempts.get();
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                String fault = ask(attempt, due);
                if (fault != null) {
                    faults.merge(fault, 1L, Long::sum);
                }
            }
            disconnect();
        }

        private @Nullable String ask(Attempt attempt, long due) {
            try {
                HttpConnection open = connection;
                if (open == null) {
                    open = target.connect();
                    connection = open;
                }
                HttpAnswer answer = open.exchange(attempt.request());
                long latency = System.nanoTime() - due;
                if (!open.isReusable()) {
                    disconnect();
                }
                String fault = faultOf(attempt, answer);
                if (fault == null) {
                    nanos.recordValue(latency);
                }
                return fault;
            } catch (IOException e) {
                disconnect();
                attempt.unanswered();
                LockSupport.parkNanos(AFTER_FAILURE.toNanos());
                return "no answer (" + e.getMessage() + ")";
            }
        }

        private static @Nullable String faultOf(Attempt attempt, HttpAnswer answer) {
            try {
                return attempt.fault(answer);
            } catch (RuntimeException e) {
                return "no right answer (" + e.getMessage() + ")";
            }
        }

        private void disconnect() {
            HttpConnection open = connection;
            connection = null;
            if (open != null) {
                open.close();
            }
        }

        Answers answers() {
            return new Answers(0, nanos, faults);
        }
    }
}
