package io.tally.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** All instances are stopped and started one after the other, each once the one before is ready. */
final class RollingRestart extends Fault {
    private final List<Integer> exitCodes = new ArrayList<>();

    RollingRestart(World world, SplittableRandom random) {
        super(world, random);
    }

    @Override
    void inject() {
        for (String name : world.instances().names()) {
            exitCodes.add(world.instances().terminate(name));
            world.instances().startDead();
            world.instances().awaitReady(name);
        }
    }

    @Override
    @Nullable
    String evidence() {
        return exitCodes.stream().allMatch(code -> code == 143) ? "ended with " + exitCodes : null;
    }
}
