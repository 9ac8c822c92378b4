package io.tally.chaos;

import io.tally.chaos.BrokerProxy.Treatment;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Answers to EndTxn come late, or never: the instance does not know whether its transaction was committed. */
final class LateAnswers extends Fault {
    private static final Duration DELAYING = Duration.ofSeconds(5);
    private static final Duration LOSING = Duration.ofSeconds(1);
    private static final int MAX_LOST = 3;
    /** How long a transaction may be awaited that the harm can meet: after another fault's heal there may be none. */
    private static final Duration TO_MEET_ONE = Duration.ofSeconds(10);

    private final Treatment treatment;
    private final int answers;

    LateAnswers(World world, SplittableRandom random, boolean lost) {
        super(world, random);
        Treatment losing = random.nextBoolean() ? Treatment.SWALLOWED : Treatment.CUT_OFF;
        this.treatment = lost ? losing : Treatment.DELAYED;
        this.answers = lost ? 1 + random.nextInt(MAX_LOST) : Integer.MAX_VALUE;
    }

    @Override
    void inject() {
        world.brokers().proxies().forEach(proxy -> proxy.treat(treatment, answers));
        Pauses.last(treatment == Treatment.DELAYED ? DELAYING : LOSING);
        long end = System.nanoTime() + TO_MEET_ONE.toNanos();
        while (treated() == 0 && System.nanoTime() < end) {
            Pauses.last(ChaosSettings.LOOK);
        }
        world.brokers().proxies().forEach(BrokerProxy::pass);
    }

    @Override
    @Nullable
    String evidence() {
        int treated = treated();
        return treated > 0 ? treated + " answers " + treatment : null;
    }

    private int treated() {
        return world.brokers().proxies().stream().mapToInt(BrokerProxy::treated).sum();
    }
}
