package io.tally.chaos;

import io.tally.rig.TallyProcess;
import io.tally.stream.FailStop;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** An instance that stands still for longer than its session and its transaction last, and wakes up as a stranger. */
final class SleepingInstance extends Fault {
    private static final Duration WAKING_UP = Duration.ofSeconds(20);

    private @Nullable TallyProcess victim;

    SleepingInstance(World world, SplittableRandom random) {
        super(world, random);
    }

    @Override
    void inject() {
        victim = world.instances().current(world.anyOwner(random));
        victim.pause();
        Pauses.last(ChaosSettings.TRANSACTION.plusSeconds(2));
    }

    @Override
    void heal() {
        if (victim != null) {
            victim.resume();
        }
    }

    @Override
    @Nullable
    String evidence() {
        TallyProcess woken = victim;
        if (woken == null) {
            return null;
        }
        // Within the session it may still be a member of the group, and be told with the next heartbeat.
        try {
            Awaitility.await().pollDelay(Duration.ZERO).atMost(WAKING_UP).until(() -> !woken.isAlive());
        } catch (ConditionTimeoutException e) {
            return null;
        }
        return Instances.exitCode(woken) == FailStop.EXIT_CODE ? "stopped itself when it woke up" : null;
    }
}
