package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Look-ups of balances. */
final class HttpReads implements Scenario {
    static final String NAME = "http-reads";

    private final HttpTarget target;
    private final Users users;
    private final BenchSettings settings;
    private final SplittableRandom random;

    HttpReads(HttpTarget target, Users users, BenchSettings settings, SplittableRandom random) {
        this.target = target;
        this.users = users;
        this.settings = settings;
        this.random = random;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String conditions() {
        int rate = settings.readsPerSecond();
        return "GET /v1/user/{id}/balance, %s for %d s, %d connections, %d users"
                .formatted(
                        rate == 0 ? "each after the last one's answer" : rate + " offered per second",
                        settings.time().toSeconds(),
                        settings.connections(),
                        settings.users());
    }

    @Override
    public Repetition run(Duration time) throws InterruptedException {
        return new HttpLoad(target, settings.connections(), this::reads)
                .run(settings.readsPerSecond(), time)
                .repetition();
    }

    private Supplier<Attempt> reads() {
        SplittableRandom own = random.split();
        return () -> Read.of(target, users.any(own));
    }

    @Override
    public List<String> verify() throws IOException {
        return users.verify();
    }
}
