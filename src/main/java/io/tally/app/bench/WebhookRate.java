package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How many outcomes a second a healthy webhook endpoint is told, alone and beside two that are dead. All are paused until the
 * outcomes are there; so the deposits do not count. Each repetition measures both twice, in the order a-b-b-a: only their ratio is
 * free of what the machine does meanwhile, and then of what changes from the first to the last.
 */
final class WebhookRate implements Scenario {
    static final String NAME = "webhooks";

    /** What the receiver got of one kind. */
    private static final class Told {
        private long outcomes;
        private long nanos;

        void add(long more, long time) {
            outcomes += more;
            nanos += time;
        }

        double perSecond() {
            return outcomes * 1e9 / nanos;
        }
    }

    private static final int BULK = 1_000;
    private static final int MAX_AMOUNT = 100;

    /** Beside 10 ms for each outcome. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HttpTarget target;
    private final EndpointCalls endpoints;
    private final Users users;
    private final BenchSettings settings;
    private final SplittableRandom random;
    private final List<String> undelivered = new ArrayList<>();
    private boolean deadFirst;

    WebhookRate(HttpTarget target, Users users, BenchSettings settings, SplittableRandom random) {
        this.target = target;
        this.endpoints = new EndpointCalls(target);
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
        return "an endpoint on this machine is told %d outcomes of %d users, alone and beside 2 dead endpoints"
                .formatted(settings.outcomes(), settings.users());
    }

    /** @param time is not looked at: a repetition ends when everything was delivered */
    @Override
    public Repetition run(Duration time) throws IOException, InterruptedException {
        int before = undelivered.size();
        Figures dead = new Figures();
        Told alone = new Told();
        Told besideDead = new Told();
        long repeats;
        try (CountingReceiver receiver = CountingReceiver.start()) {
            String id = endpoints.create(receiver.url());
            try {
                for (boolean withDead : new boolean[] {deadFirst, !deadFirst, !deadFirst, deadFirst}) {
                    if (withDead) {
                        besideDead(receiver, id, besideDead, dead);
                    } else {
                        deliver(receiver, List.of(id), alone);
                    }
                }
            } finally {
                endpoints.delete(id);
            }
            repeats = receiver.repeats();
        }
        deadFirst = !deadFirst;
        Figures figures = new Figures()
                .with("deliveries_per_s", alone.perSecond())
                .with("beside_dead_per_s", besideDead.perSecond())
                .with("beside_dead_ratio", besideDead.perSecond() / alone.perSecond())
                .with("repeats", (double) repeats);
        dead.byName().forEach(figures::with);
        int missing = undelivered.size() - before;
        return new Repetition(figures, missing == 0 ? Map.of() : Map.of("not delivered", (long) missing));
    }

    private void besideDead(CountingReceiver receiver, String healthy, Told told, Figures figures)
            throws IOException, InterruptedException {
        try (DeadReceivers dead = DeadReceivers.start()) {
            String refusing = endpoints.create(dead.refusing());
            String silent = endpoints.create(dead.silent());
            try {
                deliver(receiver, List.of(refusing, silent, healthy), told);
                // What is not answered has not failed yet, and what is refused does not arrive.
                figures.with("requests_refused", endpoints.failed(refusing))
                        .with("requests_unanswered", dead.accepted());
            } finally {
                endpoints.delete(refusing);
                endpoints.delete(silent);
            }
        }
    }

    /**
     * Lets paused endpoints be told new outcomes.
     *
     * @param ids the receiver's last
     * @param told counts what the receiver got
     */
    private void deliver(CountingReceiver receiver, List<String> ids, Told told)
            throws IOException, InterruptedException {
        List<List<Write>> deposits = deposits();
        // Before they are deposited: an engine may hear a little later that its endpoint is paused.
        receiver.expect(uids(deposits));
        deposit(deposits);
        int early = settings.outcomes() - receiver.missing().size();
        for (String id : ids) {
            endpoints.change(id, EndpointCalls.ACTIVE);
        }
        long start = System.nanoTime();
        receiver.await(PATIENCE.plusMillis(10L * settings.outcomes()));
        long nanos = System.nanoTime() - start;
        for (String id : ids) {
            endpoints.change(id, EndpointCalls.PAUSED);
        }
        Set<String> missing = receiver.missing();
        undelivered.addAll(missing);
        told.add(settings.outcomes() - early - missing.size(), nanos);
    }

    private List<List<Write>> deposits() {
        List<List<Write>> deposits = new ArrayList<>();
        for (int left = settings.outcomes(); left > 0; left -= BULK) {
            deposits.add(
                    Stream.generate(() -> Write.of(target, users.any(random), random.nextLong(1, MAX_AMOUNT), random))
                            .limit(Math.min(BULK, left))
                            .toList());
        }
        return deposits;
    }

    private static List<String> uids(List<List<Write>> deposits) {
        return deposits.stream()
                .flatMap(List::stream)
                .map(write -> write.json().path("uid").asText())
                .toList();
    }

    private void deposit(List<List<Write>> deposits) throws IOException {
        try (HttpConnection connection = target.connect()) {
            for (List<Write> bulk : deposits) {
                users.deposit(connection, bulk);
            }
        }
    }

    @Override
    public List<String> verify() throws IOException {
        List<String> contradictions = new ArrayList<>(users.verify());
        undelivered.forEach(
                uid -> contradictions.add("Expected the outcome of " + uid + " to be delivered, but it was not"));
        return contradictions;
    }
}
