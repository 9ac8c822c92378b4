package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.faults.Attempt.Meaning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends writes at a steady rate to instances in turn, whatever they answer, and keeps what came of each. The rate does not
 * fall when answers are late, up to a bound: as with many clients who know nothing of each other.
 */
public final class WriteLoad implements AutoCloseable {
    /** The last thing that a client was told of a user. */
    public record Told(String position, long sequence) {
        private static Told latest(Told one, Told other) {
            return one.sequence >= other.sequence ? one : other;
        }
    }

    /** Three seconds' worth; where the machine is too slow for the rate, the rate falls and not the machine. */
    private static final int MAX_OPEN = 1_500;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SENT_AT_ONCE = 100;

    private final Caller caller;
    private final List<String> instances;
    private final Traffic traffic;
    private final Queue<Attempt> history = new ConcurrentLinkedQueue<>();
    private final Map<String, Told> toldByUser = new ConcurrentHashMap<>();
    private final Semaphore open = new Semaphore(MAX_OPEN);
    private final AtomicInteger sent = new AtomicInteger();
    private @Nullable Thread thread;

    public WriteLoad(Caller caller, List<String> instances, Traffic traffic) {
        this.caller = caller;
        this.instances = instances;
        this.traffic = traffic;
    }

    /** Makes every user known; a deposit that is not decided in time is sent again. */
    public void sendFirst() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Write> left = traffic.first();
        while (!left.isEmpty()) {
            sendAll(left);
            left = left.stream()
                    .filter(write -> !toldByUser.containsKey(write.user()))
                    .toList();
            assertThat(System.nanoTime()).as("deposits undecided: " + left).isLessThan(deadline);
        }
    }

    public void start(int perSecond, Duration time) {
        thread = new Thread(() -> run(perSecond, time), "writes");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(int perSecond, Duration time) {
        long start = System.nanoTime();
        for (int i = 0; System.nanoTime() - start < time.toNanos() && !Thread.interrupted(); i++) {
            long early = start + i * 1_000_000_000L / perSecond - System.nanoTime();
            if (early > 0) {
                LockSupport.parkNanos(early);
            }
            open.acquireUninterruptibly();
            var unused = send(traffic.next()).thenRun(open::release);
        }
    }

    private CompletableFuture<Void> send(Write write) {
        String instance = instances.get(sent.getAndIncrement() % instances.size());
        return caller.write(instance, write).thenAccept(this::note);
    }

    private void note(Attempt attempt) {
        history.add(attempt);
        String position = attempt.answer().position();
        if (attempt.meaning() == Meaning.DECIDED && position != null) {
            toldByUser.merge(attempt.write().user(), new Told(position, attempt.sequence()), Told::latest);
        }
    }

    /** Waits until each write has come to something. */
    public void awaitAnswers() throws InterruptedException {
        if (thread != null) {
            thread.join();
        }
        assertThat(open.tryAcquire(MAX_OPEN, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("answers within " + PATIENCE)
                .isTrue();
        open.release(MAX_OPEN);
    }

    /**
     * Does what a client shall do that does not know what came of its write: sends it again until it knows.
     *
     * @return how many writes that was
     */
    public int resolve() {
        int first = HistoryCheck.unresolved(history()).size();
        // There may be many, on a machine that is busy: as long as they become fewer, it goes on.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<Write> unresolved = HistoryCheck.unresolved(history());
        while (!unresolved.isEmpty()) {
            assertThat(System.nanoTime())
                    .as(() -> "still unknown of " + first + ": " + lastAttempts())
                    .isLessThan(deadline);
            int before = unresolved.size();
            sendAll(unresolved);
            unresolved = HistoryCheck.unresolved(history());
            if (unresolved.size() < before) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
        }
        return first;
    }

    private List<Attempt> lastAttempts() {
        List<Attempt> all = history();
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }

    private void sendAll(List<Write> writes) {
        for (int i = 0; i < writes.size(); i += SENT_AT_ONCE) {
            CompletableFuture.allOf(writes.subList(i, Math.min(writes.size(), i + SENT_AT_ONCE)).stream()
                            .map(this::send)
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
    }

    @Nullable
    Told told(String user) {
        return toldByUser.get(user);
    }

    public List<Attempt> history() {
        return List.copyOf(history);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
