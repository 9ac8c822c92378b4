package io.tally.chaos;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An instance that is killed or told to stop, and comes back at once or after others took over. */
final class EndedInstance extends Fault {
    private static final int KILLED = 137;
    private static final int TOLD = 143;

    private final boolean killed;
    private final String victim;
    private int exitCode;

    EndedInstance(World world, SplittableRandom random, boolean killed) {
        super(world, random);
        this.killed = killed;
        this.victim = world.anyInstance(random);
    }

    @Override
    void inject() {
        boolean takenOver = random.nextBoolean();
        exitCode = killed ? world.instances().kill(victim) : world.instances().terminate(victim);
        if (takenOver) {
            Pauses.last(ChaosSettings.SESSION.plusSeconds(2));
        }
    }

    @Override
    void heal() {
        world.instances().startDead();
    }

    @Override
    @Nullable
    String evidence() {
        return exitCode == (killed ? KILLED : TOLD) ? victim + " ended with " + exitCode : null;
    }
}
