package io.tally.chaos;

import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A broker that is killed or told to stop, and is started again soon. */
final class EndedBroker extends Fault {
    private static final int KILLED = 137;
    private static final int TOLD = 143;

    private final boolean killed;
    private final Broker victim;
    private int exitCode;

    EndedBroker(World world, SplittableRandom random, boolean killed) {
        super(world, random);
        this.killed = killed;
        this.victim = world.brokers().get(random.nextInt(world.brokers().count()));
    }

    @Override
    void inject() {
        exitCode = killed ? victim.kill() : victim.terminate();
        Pauses.last(Duration.ofMillis(random.nextInt(3_000)));
    }

    @Override
    void heal() {
        victim.restart();
    }

    @Override
    @Nullable
    String evidence() {
        return exitCode == (killed ? KILLED : TOLD) ? "the broker ended with " + exitCode : null;
    }
}
