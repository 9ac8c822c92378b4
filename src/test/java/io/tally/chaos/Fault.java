package io.tally.chaos;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One thing that goes wrong, once. Injected, healed and then asked, in this order. */
abstract sealed class Fault
        permits Burst,
                EndedBroker,
                EndedInstance,
                FullDisk,
                LateAnswers,
                LostKafka,
                PassingInstance,
                RepeatedCommands,
                ReplayedLedger,
                RollingRestart,
                SleepingInstance,
                SpoiltStore {
    final World world;
    final SplittableRandom random;

    Fault(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    /** Why it cannot be injected here, or null. */
    @Nullable
    String impossible() {
        return null;
    }

    /** Does the harm, for as long as it shall last. */
    abstract void inject() throws Exception;

    /** Undoes it, as an operator would; returns once what was stopped is started, not once it works. */
    void heal() throws Exception {}

    /** What shows that the harm was done and met; null when nothing does. */
    abstract @Nullable String evidence();

    /** Promises that were seen broken, beside those that the checks of the whole run find. */
    List<String> violations() {
        return List.of();
    }
}
