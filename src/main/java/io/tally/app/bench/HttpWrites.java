package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Commands at a rate, each answered with its committed outcome. */
final class HttpWrites implements Scenario {
    static final String NAME = "http-writes";

    private static final int MAX_AMOUNT = 100;
    /** One in so many is a withdrawal, of up to twice as much: some are rejected. */
    private static final int WITHDRAWALS = 4;

    private final HttpTarget target;
    private final Users users;
    private final BenchSettings settings;
    private final SplittableRandom random;

    HttpWrites(HttpTarget target, Users users, BenchSettings settings, SplittableRandom random) {
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
        return "POST /v1/transaction, %d offered per second for %d s, %d connections, %d users"
                .formatted(
                        settings.writesPerSecond(),
                        settings.time().toSeconds(),
                        settings.connections(),
                        settings.users());
    }

    @Override
    public Repetition run(Duration time) throws InterruptedException {
        return new HttpLoad(target, settings.connections(), this::writes)
                .run(settings.writesPerSecond(), time)
                .repetition();
    }

    private Supplier<Attempt> writes() {
        SplittableRandom own = random.split();
        return () -> {
            boolean withdrawal = own.nextInt(WITHDRAWALS) == 0;
            long amount = withdrawal ? -own.nextLong(1, 2 * MAX_AMOUNT) : own.nextLong(1, MAX_AMOUNT);
            return Write.of(target, users.any(own), amount, own);
        };
    }

    @Override
    public List<String> verify() throws IOException {
        return users.verify();
    }
}
