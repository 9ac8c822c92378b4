package io.tally.app.bench;

import java.time.Duration;
import java.util.List;

/**
 * What a run is asked for.
 *
 * @param scenarios names, in order
 * @param repetitions of each scenario
 * @param time of each repetition, where its scenario has no length of its own
 * @param warmUp the least time before the first repetition of a scenario, unmeasured
 * @param writesPerSecond offered, whether or not they are answered
 * @param readsPerSecond the same for look-ups; 0 asks on each connection as soon as it has its answer
 * @param users whose accounts are used
 * @param connections that the requests share
 * @param outcomes that a webhook endpoint is told at a time
 * @param log what only the scenarios over Kafka ask for
 * @param seed of users and amounts
 */
public record BenchSettings(
        List<String> scenarios,
        int repetitions,
        Duration time,
        Duration warmUp,
        int writesPerSecond,
        int readsPerSecond,
        int users,
        int connections,
        int outcomes,
        LogSettings log,
        long seed) {

    public BenchSettings {
        require(repetitions >= 1 && repetitions <= 1_000, "--repetitions", repetitions, "1 to 1000");
        require(time.toSeconds() >= 1 && time.toHours() < 1, "--seconds", time.toSeconds(), "1 to 3599");
        require(!warmUp.isNegative() && warmUp.toHours() < 1, "--warm-up", warmUp.toSeconds(), "0 to 3599");
        require(writesPerSecond >= 1 && writesPerSecond <= 1_000_000, "--rate", writesPerSecond, "1 to 1000000");
        require(readsPerSecond >= 0 && readsPerSecond <= 1_000_000, "--read-rate", readsPerSecond, "0 to 1000000");
        require(users >= 1 && users <= 1_000_000, "--users", users, "1 to 1000000");
        require(connections >= 1 && connections <= 1_000, "--connections", connections, "1 to 1000");
        require(outcomes >= 1 && outcomes <= 1_000_000, "--outcomes", outcomes, "1 to 1000000");
        scenarios = List.copyOf(scenarios);
    }

    private static void require(boolean valid, String option, Object value, String range) {
        if (!valid) {
            throw new IllegalArgumentException("Expected " + option + " to be " + range + ", but it is " + value);
        }
    }
}
