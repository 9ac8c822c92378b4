package io.tally.chaos;

import io.tally.proof.CommandGenerator;
import io.tally.proof.CommandGenerator.Mix;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** The state directory of the last instance fills up, until there is room again. */
final class FullDisk extends Fault {
    private static final long LEFT = 1 << 20;
    private static final int COMMANDS = 40_000;
    private static final int USERS = 1_000;
    private static final Duration FILLING = Duration.ofSeconds(60);
    static final String MESSAGE = "No space left on device";

    private final String victim;
    private boolean met;

    FullDisk(World world, SplittableRandom random) {
        super(world, random);
        this.victim = world.instances().names().get(world.instances().names().size() - 1);
    }

    @Override
    @Nullable
    String impossible() {
        return world.disk() == null ? "no file system may be mounted here" : null;
    }

    @Override
    void inject() {
        Instances.Mark before = world.instances().mark();
        world.disk().leave(LEFT);
        CommandGenerator commands = new CommandGenerator(
                random.nextLong(), World.INPUT, Mix.plain(USERS, world.offsets().partitions()));
        for (int i = 0; i < COMMANDS; i++) {
            var unused = world.producer().send(commands.next());
        }
        try {
            Awaitility.await()
                    .atMost(FILLING)
                    .pollInterval(ChaosSettings.LOOK)
                    .until(() -> world.instances().printedSince(before, victim).contains(MESSAGE));
            met = true;
        } catch (ConditionTimeoutException e) {
            met = false;
        }
    }

    @Override
    void heal() {
        world.disk().leavePlenty();
        world.instances().startDead();
    }

    @Override
    @Nullable
    String evidence() {
        return met ? victim + " met " + MESSAGE : null;
    }
}
