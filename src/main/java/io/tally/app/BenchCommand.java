package io.tally.app;

import io.tally.app.bench.Bench;
import io.tally.app.bench.BenchSettings;
import io.tally.app.bench.LocalLedger;
import io.tally.app.bench.LogSettings;
import io.tally.app.bench.OfferedLoad;
import io.tally.app.bench.Report;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures brokers and services that it starts for that, or a service that runs. */
@Command(
        name = "bench",
        description = "Measure rates and latencies, of a broker and a service in a temporary directory.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "From the sources, ./tally bench --peers compares with others who do the same work.",
            "",
            "Exit code: 0 done, 1 some requests failed or were answered wrongly, 2 usage. Speed is not judged."
        })
final class BenchCommand implements Callable<Integer> {
    /** How flags begin that two processes cannot share: agents write to files, and listen at ports. */
    private static final List<String> OF_ONE_PROCESS =
            List.of("-javaagent:", "-agentlib:", "-agentpath:", "-Xrun", "-Dcom.sun.management.");

    private static final int HTTP_USERS = 10_000;
    private static final int KAFKA_USERS = 100_000;
    private static final int SHORT_HISTORY = 100_000;
    private static final int LONG_HISTORY = 10_000_000;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scenarios",
            paramLabel = "NAME",
            split = ",",
            description =
                    "What to measure: http-writes, http-reads, drain, sustained, restart (these), history, webhooks.")
    private @Nullable List<String> scenarios;

    @Option(
            names = "--full",
            description = "Measure everything; restart also after 10,000,000 commands. Takes half an hour.")
    private boolean full;

    @Option(
            names = "--http",
            paramLabel = "URL",
            description =
                    "Measure this service, http://host:port, and start nothing. Its ledger keeps the bench's users."
                            + " For http- and webhooks.")
    private @Nullable URI http;

    @Option(names = "--repetitions", description = "How often each is measured (5).")
    private int repetitions = 5;

    @Option(names = "--seconds", description = "How long each repetition takes that has no length of its own (10).")
    private int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long each runs at least before it is measured (20).")
    private int warmUp = 20;

    @Option(names = "--rate", description = "Commands offered per second over HTTP (500).")
    private int rate = 500;

    @Option(
            names = "--read-rate",
            description = "Look-ups offered per second; 0 asks as soon as there is an answer (0; history: 200).")
    private int readRate;

    @Option(names = "--users", description = "Users with an account each (http- and webhooks 10000, Kafka 100000).")
    private @Nullable Integer users;

    @Option(names = "--connections", description = "HTTP connections (32).")
    private int connections = 32;

    @Option(names = "--outcomes", description = "Outcomes that a webhook endpoint is told at a time (20000).")
    private int outcomes = 20_000;

    @Option(names = "--commands", description = "Commands drained at a time (1000000).")
    private int commands = 1_000_000;

    @Option(
            names = "--service-option",
            paramLabel = "OPTION",
            description = "Another option of the service that is measured, as in --service-option=--stream-threads=1.")
    private List<String> serviceOptions = List.of();

    @Option(names = "--hot-user", description = "Drain commands of one user only.")
    private boolean hotUser;

    @Option(
            names = "--loads",
            paramLabel = "LOAD",
            split = ",",
            description = "Commands offered per second by Kafka, or a part of what is drained (500,50%%).")
    private List<String> loads = List.of("500", "50%");

    @Option(
            names = "--history",
            paramLabel = "COMMANDS",
            split = ",",
            description = "After how many commands the service is killed (100000).")
    private @Nullable List<Integer> histories;

    @Option(names = "--entries", description = "Entries of the account whose history is asked for (1000000).")
    private int entries = 1_000_000;

    @Option(names = "--seed", description = "Of users and amounts (1).")
    private long seed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--plot", paramLabel = "FILE", description = "Also draw rates and latencies as SVG.")
    private @Nullable Path plot;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        BenchSettings settings = settings();
        try (Running running = Running.untilSignalled()) {
            Bench.LedgerSource ledgers = () -> running.add(new LocalLedger(program(), serviceOptions));
            return report(new Bench(settings, http, ledgers, terminal.err()).run());
        }
    }

    private BenchSettings settings() {
        List<String> asked = scenarios == null ? standard() : scenarios;
        if (!Bench.SCENARIOS.containsAll(asked)) {
            throw new ParameterException(
                    spec.commandLine(), "--scenarios is " + asked + ", but must be of " + Bench.SCENARIOS);
        }
        if (http != null) {
            http = ServiceUrl.require(spec, "--http", http, "http");
        }
        if (http != null && !Bench.HTTP_SCENARIOS.containsAll(asked)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--scenarios is " + asked + ", but --http can measure only " + Bench.HTTP_SCENARIOS);
        }
        try {
            return settings(asked);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private List<String> standard() {
        if (http != null) {
            return Bench.STANDARD_HTTP_SCENARIOS;
        }
        return full ? Bench.SCENARIOS : Bench.STANDARD_SCENARIOS;
    }

    private BenchSettings settings(List<String> asked) {
        List<Integer> kills = full ? List.of(SHORT_HISTORY, LONG_HISTORY) : List.of(SHORT_HISTORY);
        LogSettings log = new LogSettings(
                commands,
                Objects.requireNonNullElse(users, KAFKA_USERS),
                hotUser,
                loads.stream().map(OfferedLoad::of).toList(),
                Objects.requireNonNullElse(histories, kills),
                entries);
        return new BenchSettings(
                asked,
                repetitions,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warmUp),
                rate,
                readRate,
                Objects.requireNonNullElse(users, HTTP_USERS),
                connections,
                outcomes,
                log,
                seed);
    }

    /** What this program was started from, with its flags and the heap that the launcher gives a service unless told. */
    private static List<String> program() {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.add("-Xmx" + LocalLedger.HEAP);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> OF_ONE_PROCESS.stream().noneMatch(flag::startsWith))
                .forEach(program::add);
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return program;
    }

    private int report(Report report) throws IOException {
        terminal.out().print(report.text());
        if (json != null) {
            Files.writeString(json, report.json() + System.lineSeparator());
        }
        if (plot != null) {
            Files.writeString(plot, report.plot());
        }
        return report.failed() ? ExitCode.FAILED : ExitCode.OK;
    }
}
