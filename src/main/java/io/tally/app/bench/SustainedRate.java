package io.tally.app.bench;

import io.tally.app.load.OpenLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commands by Kafka at a rate: whether the ledger keeps up, and how long each takes until a consumer has its outcome. */
final class SustainedRate implements Scenario {
    static final String NAME = "sustained";

    private final CommandFeed feed;
    private final int perSecond;
    private final String load;

    /** @param load what was asked for */
    SustainedRate(CommandFeed feed, int perSecond, String load) {
        this.feed = feed;
        this.perSecond = perSecond;
        this.load = load;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String conditions() {
        return String.format(
                Locale.ROOT,
                "%,d commands offered per second (%s), linger.ms=%d, %d users, %d partitions; from when each was due to a consumer",
                perSecond,
                load,
                OpenLoop.linger(perSecond),
                feed.workload().users(),
                LocalLedger.PARTITIONS);
    }

    @Override
    public Repetition run(Duration time) throws InterruptedException {
        OpenLoop.Result result = feed.offer(perSecond, time);
        long missing = result.sent() - result.nanos().getTotalCount();
        Figures figures = new Figures()
                .with("offered_per_s", perSecond)
                .with("outcomes_per_s", result.nanos().getTotalCount() / result.seconds())
                .withLatencies(result.nanos())
                .with("behind_at_end", (double) result.behind());
        return new Repetition(figures, missing == 0 ? Map.of() : Map.of("not decided", missing));
    }

    @Override
    public List<String> verify() throws IOException {
        return feed.verify();
    }
}
