package io.tally.chaos;

import io.tally.rig.TallyProcess;
import java.time.Duration;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One more instance joins the group and leaves it again after ten seconds. */
final class PassingInstance extends Fault {
    static final String NAME = "guest";
    private static final Duration STAY = Duration.ofSeconds(10);

    private boolean joined;
    private int exitCode;

    PassingInstance(World world, SplittableRandom random) {
        super(world, random);
    }

    @Override
    void inject() {
        long start = System.nanoTime();
        TallyProcess guest = world.instances().start(NAME);
        world.instances().awaitReady(NAME);
        Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .ignoreException(Offsets.Away.class)
                .until(() -> joined =
                        world.offsets().members(World.GROUP).stream().anyMatch(member -> member.startsWith(NAME)));
        Pauses.last(STAY.minusNanos(System.nanoTime() - start));
        exitCode = guest.terminate();
    }

    @Override
    @Nullable
    String evidence() {
        return joined && exitCode == 143 ? "was a member of the group and left" : null;
    }
}
