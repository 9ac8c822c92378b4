package io.tally.app;

import io.tally.app.send.CommandLines;
import io.tally.app.send.OutgoingCommand;
import io.tally.app.send.Target;
import io.tally.stream.LedgerTopics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Sends commands to a running ledger through Kafka and says what became of them. */
@Command(
        name = "send",
        description = "Send commands through Kafka and await their outcomes: one, a file, or standard input (-).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code: 0 all accepted, 1 some rejected, dead letters, repeated or unanswered, 2 usage, 3 Kafka unreachable."
        })
final class SendCommand implements Callable<Integer> {
    private static final int MAX_TIMEOUT_SECONDS = 3_600;

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--file", paramLabel = "FILE", description = "NDJSON file of commands, each with user_id and uid.")
    private @Nullable Path file;

    @Parameters(arity = "0..1", paramLabel = "-", description = "Read NDJSON from standard input.")
    private @Nullable String input;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            scope = ScopeType.INHERIT,
            description = "How long a command waits for its outcome (30).")
    private int timeout;

    @Option(names = "--no-wait", scope = ScopeType.INHERIT, description = "Return when Kafka has the commands.")
    private boolean noWait;

    @Option(names = "--json", description = "Print the summary as JSON.")
    private boolean json;

    SendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean standardInput = "-".equals(input);
        if (input != null && !standardInput || standardInput == (file != null)) {
            throw new ParameterException(
                    spec.commandLine(), "Name one of deposit, withdraw, open, --file FILE, or - for standard input");
        }
        Duration wait = waiting();
        try (InputStream lines = file == null ? terminal.in() : open(file)) {
            long bytes = file == null ? -1 : Files.size(file);
            return new SendLines(terminal, target(), wait, json).run(new CommandLines(lines), bytes);
        }
    }

    @Command(name = "deposit", description = "Add an amount.", mixinStandardHelpOptions = true)
    int deposit(
            @Parameters(paramLabel = "USER") String user,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(names = "--currency", paramLabel = "CODE") @Nullable String currency,
            @Option(names = "--uid", paramLabel = "UUID") @Nullable String uid,
            @Option(names = "--timestamp", paramLabel = "TIME") @Nullable String timestamp)
            throws InterruptedException {
        return one(new SingleCommand("DEPOSIT", user, uid)
                .with("amount", amount)
                .with("currency", currency)
                .with("timestamp", timestamp));
    }

    @Command(name = "withdraw", description = "Take an amount.", mixinStandardHelpOptions = true)
    int withdraw(
            @Parameters(paramLabel = "USER") String user,
            @Parameters(paramLabel = "AMOUNT") String amount,
            @Option(names = "--currency", paramLabel = "CODE") @Nullable String currency,
            @Option(names = "--uid", paramLabel = "UUID") @Nullable String uid,
            @Option(names = "--timestamp", paramLabel = "TIME") @Nullable String timestamp)
            throws InterruptedException {
        return one(new SingleCommand("WITHDRAW", user, uid)
                .with("amount", amount)
                .with("currency", currency)
                .with("timestamp", timestamp));
    }

    @Command(name = "open", description = "Register a user.", mixinStandardHelpOptions = true)
    int open(
            @Parameters(paramLabel = "USER") String user,
            @Option(names = "--name", paramLabel = "NAME") @Nullable String name,
            @Option(names = "--uid", paramLabel = "UUID") @Nullable String uid,
            @Option(names = "--timestamp", paramLabel = "TIME") @Nullable String timestamp)
            throws InterruptedException {
        return one(new SingleCommand("OPEN", user, uid).with("name", name).with("timestamp", timestamp));
    }

    private int one(SingleCommand command) throws InterruptedException {
        OutgoingCommand outgoing = command.outgoing();
        Duration wait = waiting();
        Target target = target();
        terminal.err().println("uid " + outgoing.uid() + " (to send this command again, name it: --uid)");
        return new SendOne(terminal, target, wait).run(outgoing);
    }

    private InputStream open(Path path) {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "The file " + path + " cannot be read");
        }
    }

    /** How long to wait for each command, or null for not at all. */
    private @Nullable Duration waiting() {
        if (timeout < 1 || timeout > MAX_TIMEOUT_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout is " + timeout + ", but must be 1 to " + MAX_TIMEOUT_SECONDS);
        }
        return noWait ? null : Duration.ofSeconds(timeout);
    }

    /** The ledger, once it is known that Kafka answers and has its topics. */
    private Target target() {
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        LedgerTopics topics = LedgerConfig.of(values).topics(kafka.applicationId());
        LogLevels.silenceKafka();
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            probe.requireTopics(List.of(topics.input(), topics.output(), topics.deadLetters()));
        }
        return new Target(
                kafka.connection(), topics.input(), topics.output(), topics.deadLetters(), kafka.applicationId());
    }
}
