package io.tally.faults;

import io.tally.faults.Balances.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Asks two instances for balances all the time, and notes what may never be: that both speak for the same partition, that an
 * account goes back to an earlier state (a copy that lags behind would), or an error other than 503.
 */
public final class Witness implements AutoCloseable {
    private static final long PAUSE_MS = 10;

    private final Balances balances;
    private final List<String> users;
    private final Map<String, Long> sequenceByUser = new HashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private int rounds;

    private Witness(Balances balances) {
        this.balances = balances;
        this.users = IntStream.range(0, LedgerCluster.PARTITIONS)
                .mapToObj(Balances::userOf)
                .toList();
    }

    /** Asks the two by turns until it is closed. */
    public static Witness start(Balances balances, String one, String two) {
        Witness witness = new Witness(balances);
        var unused =
                witness.thread.scheduleWithFixedDelay(() -> witness.look(one, two), 0, PAUSE_MS, TimeUnit.MILLISECONDS);
        return witness;
    }

    private void look(String one, String two) {
        try {
            rounds++;
            String user = users.get(rounds % users.size());
            boolean turned = rounds / users.size() % 2 == 1;
            look(user, turned ? two : one, turned ? one : two);
        } catch (RuntimeException e) {
            note(e.toString());
        }
    }

    /** An instance that speaks for a partition before and after the other one did so speaks at the same time. */
    private void look(String user, String outer, String inner) {
        boolean before = served(outer, user);
        boolean between = served(inner, user);
        boolean after = served(outer, user);
        if (before && between && after) {
            note(outer + " and " + inner + " both answer for " + user);
        }
    }

    private boolean served(String instance, String user) {
        Answer answer = balances.askOnly(instance, user, "USD");
        if (answer.served()) {
            answers.incrementAndGet();
            long known = sequenceByUser.getOrDefault(user, 0L);
            if (answer.sequence() < known) {
                note(instance + " is at " + answer.sequence() + " of " + user + ", which was at " + known);
            }
            sequenceByUser.put(user, answer.sequence());
        } else if (answer.status() >= 400 && answer.status() != 503) {
            note(instance + " answers " + answer.status() + " for " + user);
        }
        return answer.served();
    }

    private void note(String violation) {
        if (violations.isEmpty()) {
            System.out.println("witnessed: " + violation);
        }
        violations.add(violation);
    }

    /** How many balances were answered. */
    public long answers() {
        return answers.get();
    }

    public List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
