package io.tally.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** An instance that comes back to damaged files, or to none. */
final class SpoiltStore extends Fault {
    /** A start, and a second one where a block is found to be broken when it is read. */
    private static final Duration FINDING_OUT = Duration.ofSeconds(60);

    private final Harm harm;
    private final String victim;
    private Instances.@Nullable Mark before;
    private boolean done;

    SpoiltStore(World world, SplittableRandom random, Harm harm) {
        super(world, random);
        this.harm = harm;
        this.victim = world.anyInstance(random);
    }

    @Override
    void inject() throws IOException {
        // Stopped and not killed, so that all of its state is in files.
        world.instances().terminate(victim);
        // Now, so that what it said when it came back from another fault is no evidence.
        before = world.instances().mark();
        done = harm.to(dataDirectory());
    }

    private Path dataDirectory() {
        return world.directory().resolve(victim);
    }

    @Override
    void heal() {
        world.instances().startDead();
    }

    @Override
    @Nullable
    String evidence() {
        if (!done) {
            return null;
        }
        try {
            Awaitility.await().pollDelay(Duration.ZERO).atMost(FINDING_OUT).until(this::isFoundOut);
            return victim + " found out and restored " + world.instances().restoredSince(before) + " entries";
        } catch (ConditionTimeoutException e) {
            return null;
        }
    }

    private boolean isFoundOut() {
        String printed = world.instances().printedSince(before, victim);
        return harm == Harm.LOST
                ? printed.contains(" at changelog offset -4")
                : printed.contains("broken and is restored from its changelog");
    }
}
