package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What commands weigh on disk. The store is looked at when no compaction has changed its files for a while, and then again after
 * a stop, which writes what was in memory; nothing asks for a compaction, so runs are as they are in use.
 */
final class Footprint implements Scenario {
    private static final String NAME = "footprint";

    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LocalLedger ledger;
    private final CommandFeed feed;

    Footprint(LocalLedger ledger, CommandFeed feed) {
        this.ledger = ledger;
        this.feed = feed;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String conditions() {
        return String.format(
                Locale.ROOT,
                "bytes on disk per command (_b) after %,d commands of %,d users, the service stopped; before that, its heap",
                feed.sent(),
                feed.workload().users());
    }

    @Override
    public int repetitions(int asked) {
        return 1;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long before = -1, now = storeBytes(); now != before && System.nanoTime() < end; now = storeBytes()) {
            before = now;
            TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
        }
    }

    /** @param time is not looked at */
    @Override
    public Repetition run(Duration time) throws IOException, InterruptedException {
        double heap = LiveHeap.mib(ledger.serviceWatched().pid());
        ledger.stopService();
        Map<String, Long> topics = TopicBytes.of(ledger.kafka());
        Figures figures = new Figures()
                .with("store_b", perCommand(storeBytes()))
                .with("transactions_in_b", perCommand(topics.getOrDefault(LocalLedger.TOPICS.input(), 0L)))
                .with("transactions_out_b", perCommand(topics.getOrDefault(LocalLedger.TOPICS.output(), 0L)))
                .with("journal_b", perCommand(topics.getOrDefault(LocalLedger.TOPICS.journal(), 0L)));
        if (!Double.isNaN(heap)) {
            figures.with("live_heap_mib", heap);
        }
        return new Repetition(figures, Map.of());
    }

    private double perCommand(long bytes) {
        return (double) bytes / feed.sent();
    }

    private long storeBytes() throws IOException {
        return DirectoryBytes.of(ledger.serviceDirectory());
    }

    /** It comes last on ledgers whose outcomes another scenario has read; the service is gone. */
    @Override
    public List<String> verify() {
        return List.of();
    }
}
