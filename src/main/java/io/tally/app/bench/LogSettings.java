package io.tally.app.bench;

import java.util.List;

/**
 * What the scenarios over Kafka are asked for.
 *
 * @param commands that are drained at a time
 * @param users whose accounts are used
 * @param hotUser whether all commands that are drained are of one user
 * @param loads at which latency is measured
 * @param histories commands after which the service is killed
 * @param entries of the account whose history is asked for
 */
public record LogSettings(
        int commands, int users, boolean hotUser, List<OfferedLoad> loads, List<Integer> histories, int entries) {
    private static final int MOST = 100_000_000;

    public LogSettings {
        require(commands, "--commands");
        require(users, "--users");
        require(entries, "--entries");
        histories.forEach(history -> require(history, "--history"));
        loads = List.copyOf(loads);
        histories = List.copyOf(histories);
    }

    private static void require(int value, String option) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("Expected " + option + " to be 1 to " + MOST + ", but it is " + value);
        }
    }
}
