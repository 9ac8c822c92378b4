package io.tally.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs scenarios one after the other: those over HTTP against one ledger, each of those over Kafka against a new one. */
public final class Bench {
    /** What any service can be measured with. */
    public static final List<String> HTTP_SCENARIOS = List.of(HttpWrites.NAME, HttpReads.NAME, WebhookRate.NAME);

    /** The scenarios that there are, in the order in which they run. */
    public static final List<String> SCENARIOS = Stream.concat(HTTP_SCENARIOS.stream(), KafkaScenarios.NAMES.stream())
            .toList();

    /** Those that any service can be measured with, and soon. */
    public static final List<String> STANDARD_HTTP_SCENARIOS = List.of(HttpWrites.NAME, HttpReads.NAME);

    /** Those that together take some ten minutes. */
    public static final List<String> STANDARD_SCENARIOS =
            List.of(HttpWrites.NAME, HttpReads.NAME, DrainRate.NAME, SustainedRate.NAME, Restart.NAME);

    private final BenchSettings settings;
    private final @Nullable URI http;
    private final LedgerSource ledgers;
    private final PrintStream progress;
    private final SplittableRandom random;

    /** Makes a ledger of this machine, not started yet. Whoever does that closes it when the process is told to end. */
    public interface LedgerSource {
        LocalLedger make() throws IOException;
    }

    /**
     * Prepares a run.
     *
     * @param http the service that scenarios over HTTP measure; null for one of {@code ledgers}
     * @param progress is told of each step
     */
    public Bench(BenchSettings settings, @Nullable URI http, LedgerSource ledgers, PrintStream progress) {
        this.settings = settings;
        this.http = http;
        this.ledgers = ledgers;
        this.progress = progress;
        this.random = new SplittableRandom(settings.seed());
    }

    /**
     * Measures.
     *
     * @throws IOException if the service does not answer at all
     */
    public Report run() throws IOException, InterruptedException {
        List<ScenarioReport> reports = new ArrayList<>();
        List<String> overHttp = asked(HTTP_SCENARIOS);
        if (!overHttp.isEmpty()) {
            reports.addAll(http == null ? overHttpAtNewLedger(overHttp) : overHttp(overHttp, http, List::of));
        }
        for (String name : asked(KafkaScenarios.NAMES)) {
            for (KafkaScenarios.Variant variant : KafkaScenarios.variants(name, settings)) {
                reports.addAll(overKafka(variant));
            }
        }
        return new Report(Machine.here(), Versions.here(), settings, reports);
    }

    private List<String> asked(List<String> names) {
        return settings.scenarios().stream().filter(names::contains).distinct().toList();
    }

    private List<ScenarioReport> overHttpAtNewLedger(List<String> names) throws IOException, InterruptedException {
        try (LocalLedger ledger = start()) {
            return overHttp(names, ledger.http(), ledger::watched);
        }
    }

    private List<ScenarioReport> overHttp(List<String> names, URI service, Supplier<List<Watched>> processes)
            throws IOException, InterruptedException {
        HttpTarget target = new HttpTarget(service);
        String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        Users users = new Users(target, run, settings.users());
        progress.println("depositing to " + settings.users() + " users");
        users.deposit(random.split());
        Measuring measuring = measuring(processes);
        List<ScenarioReport> reports = new ArrayList<>();
        for (String name : names) {
            reports.add(measuring.run(
                    switch (name) {
                        case HttpWrites.NAME -> new HttpWrites(target, users, settings, random.split());
                        case HttpReads.NAME -> new HttpReads(target, users, settings, random.split());
                        default -> new WebhookRate(target, users, settings, random.split());
                    }));
        }
        return reports;
    }

    private List<ScenarioReport> overKafka(KafkaScenarios.Variant variant) throws IOException, InterruptedException {
        List<ScenarioReport> reports = new ArrayList<>();
        try (LocalLedger ledger = start();
                CommandFeed feed = new CommandFeed(ledger, variant.workload())) {
            Measuring measuring = measuring(ledger::watched);
            for (Scenario scenario : variant.scenarios().on(ledger, feed, progress)) {
                reports.add(measuring.run(scenario));
            }
        }
        return reports;
    }

    private Measuring measuring(Supplier<List<Watched>> processes) {
        Watched own = new Watched("bench", ProcessHandle.current().pid());
        return new Measuring(
                settings,
                () -> Stream.concat(processes.get().stream(), Stream.of(own)).toList(),
                progress);
    }

    private LocalLedger start() throws IOException, InterruptedException {
        progress.println("starting a broker and a service");
        LocalLedger ledger = ledgers.make();
        ledger.start();
        return ledger;
    }
}
