package io.tally.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What goes wrong in a run. Each has a bound for the time from its heal to the first committed outcome in every partition,
 * and a reason for it where it is longer than {@link #USUAL}.
 */
enum FaultKind {
    KILL_INSTANCE((world, random) -> new EndedInstance(world, random, true)),
    STOP_INSTANCE((world, random) -> new EndedInstance(world, random, false)),
    KILL_BROKER(
            (world, random) -> new EndedBroker(world, random, true), ChaosSettings.COMMIT, FaultKind.ALL_START_ANEW),
    STOP_BROKER(
            (world, random) -> new EndedBroker(world, random, false), ChaosSettings.COMMIT, FaultKind.ALL_START_ANEW),
    ZOMBIE(SleepingInstance::new),
    ROLLING_RESTART(RollingRestart::new),
    JOIN_AND_LEAVE(
            PassingInstance::new,
            ChaosSettings.SESSION,
            "static members do not say that they leave: the session time-out gives their partitions away"),
    DELAYED_COMMIT((world, random) -> new LateAnswers(world, random, false)),
    LOST_COMMIT(
            (world, random) -> new LateAnswers(world, random, true),
            ChaosSettings.COMMIT,
            "a commit waits for its answer for max.block.ms"),
    REPEATED_COMMANDS(RepeatedCommands::new),
    GARBAGE((world, random) -> new Burst(world, random, Burst.Kind.GARBAGE)),
    WRONG_PARTITION((world, random) -> new Burst(world, random, Burst.Kind.WRONG_PARTITION)),
    REPLAY(ReplayedLedger::new),
    LOST_STATE((world, random) -> new SpoiltStore(world, random, Harm.LOST)),
    LOST_KAFKA(LostKafka::new),
    FLIPPED_BYTES((world, random) -> new SpoiltStore(world, random, Harm.FLIPPED_BYTES)),
    MISSING_FILE((world, random) -> new SpoiltStore(world, random, Harm.MISSING_TABLE)),
    SHORT_MANIFEST((world, random) -> new SpoiltStore(world, random, Harm.SHORT_MANIFEST)),
    FULL_DISK(FullDisk::new),
    WRONG_CLOCK((world, random) -> new Burst(world, random, Burst.Kind.WRONG_CLOCK));

    /** Makes a fault with everything about it that is left to chance. */
    interface Maker {
        Fault make(World world, SplittableRandom random);
    }

    /** A process starts, joins the group and reads what the journal has behind its bookmark. */
    static final Duration USUAL = Duration.ofSeconds(15);

    private static final String ALL_START_ANEW =
            "with one broker, every instance waits for max.block.ms, stops itself and starts anew";

    /** What is restored beyond that, at least: 5,700 were seen on two cores, with all else of the run beside it. */
    static final long RESTORED_PER_SECOND = 5_000;

    private final Maker maker;
    private final Duration more;
    private final String reason;

    FaultKind(Maker maker) {
        this(maker, Duration.ZERO, "");
    }

    FaultKind(Maker maker, Duration more, String reason) {
        this.maker = maker;
        this.more = more;
        this.reason = reason;
    }

    /** All when there are no names. */
    static List<FaultKind> named(String names) {
        return names.isBlank()
                ? List.of(values())
                : Stream.of(names.split(","))
                        .map(name -> valueOf(name.strip().toUpperCase(Locale.ROOT)))
                        .toList();
    }

    Fault make(World world, SplittableRandom random) {
        return maker.make(world, random);
    }

    /** The longest time from the heal to the first committed outcome in every partition. */
    Duration bound(long restored) {
        return USUAL.plus(more).plusMillis(1_000 * restored / RESTORED_PER_SECOND);
    }

    /** The bound in words. */
    String boundText() {
        return USUAL.plus(more).toSeconds() + " s" + (reason.isEmpty() ? "" : ": " + reason);
    }

    /** Whether a look-up may meet a file that is broken, which is answered with 500 until the store is restored. */
    boolean breaksStores() {
        return this == FLIPPED_BYTES || this == MISSING_FILE || this == SHORT_MANIFEST;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
