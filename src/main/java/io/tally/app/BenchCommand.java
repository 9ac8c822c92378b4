package io.tally.app;

import io.tally.app.bench.Bench;
import io.tally.app.bench.BenchSettings;
import io.tally.app.bench.LocalLedger;
import io.tally.app.bench.Report;
import io.tally.app.bench.Watched;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a broker and a service that it starts for that, or a service that runs. */
@Command(
        name = "bench",
        description = "Measure rates and latencies, of a broker and a service in a temporary directory.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 done, 1 some requests failed or were answered wrongly, 2 usage. Speed is not judged."
        })
final class BenchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scenarios",
            paramLabel = "NAME",
            split = ",",
            description = "What to measure: http-writes, http-reads (both), webhooks.")
    private List<String> scenarios = Bench.STANDARD_SCENARIOS;

    @Option(
            names = "--http",
            paramLabel = "URL",
            description =
                    "Measure this service, http://host:port, and start nothing. Its ledger keeps the bench's users.")
    private @Nullable URI http;

    @Option(names = "--repetitions", description = "How often each is measured (5).")
    private int repetitions = 5;

    @Option(names = "--seconds", description = "How long each repetition of http- takes (10).")
    private int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long each runs at least before it is measured (20).")
    private int warmUp = 20;

    @Option(names = "--rate", description = "Commands offered per second (500).")
    private int rate = 500;

    @Option(
            names = "--read-rate",
            description = "Look-ups offered per second; 0 asks as soon as there is an answer (0).")
    private int readRate;

    @Option(names = "--users", description = "Users with an account each (10000).")
    private int users = 10_000;

    @Option(names = "--connections", description = "HTTP connections (32).")
    private int connections = 32;

    @Option(names = "--outcomes", description = "Outcomes that a webhook endpoint is told at a time (20000).")
    private int outcomes = 20_000;

    @Option(names = "--seed", description = "Of users and amounts (1).")
    private long seed = 1;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report as JSON.")
    private @Nullable Path json;

    BenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        BenchSettings settings = settings();
        try (Running running = Running.untilSignalled()) {
            List<Watched> watched = new ArrayList<>();
            URI service = http;
            if (service == null) {
                terminal.err().println("starting a broker and a service");
                LocalLedger ledger = running.add(new LocalLedger(program()));
                service = ledger.start();
                watched.addAll(ledger.watched());
            }
            watched.add(new Watched("bench", ProcessHandle.current().pid()));
            return report(new Bench(settings, service, watched, terminal.err()).run());
        }
    }

    private BenchSettings settings() {
        if (!Bench.SCENARIOS.containsAll(scenarios)) {
            throw new ParameterException(
                    spec.commandLine(), "--scenarios is " + scenarios + ", but must be of " + Bench.SCENARIOS);
        }
        if (http != null && (!"http".equals(http.getScheme()) || http.getHost() == null)) {
            throw new ParameterException(
                    spec.commandLine(), "--http is " + http + ", but must be of the form http://host:port");
        }
        try {
            return new BenchSettings(
                    scenarios,
                    repetitions,
                    Duration.ofSeconds(seconds),
                    Duration.ofSeconds(warmUp),
                    rate,
                    readRate,
                    users,
                    connections,
                    outcomes,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    /** What this program was started from, and the flags that the launcher gives it. */
    private static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }

    private int report(Report report) throws IOException {
        terminal.out().print(report.text());
        if (json != null) {
            Files.writeString(json, report.json() + System.lineSeparator());
        }
        return report.failed() ? ExitCode.FAILED : ExitCode.OK;
    }
}
