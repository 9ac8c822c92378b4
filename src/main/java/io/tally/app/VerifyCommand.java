package io.tally.app;

import io.tally.app.send.KafkaUnreachableException;
import io.tally.audit.AuditReport;
import io.tally.audit.AuditSettings;
import io.tally.audit.AuditedTopics;
import io.tally.audit.LedgerAudit;
import io.tally.ledger.LedgerSettings;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StoredSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Replays a ledger's input through the independent model and compares everything that the ledger wrote. */
@Command(
        name = "verify",
        description =
                "Audit a ledger: replay its input through an independent model and compare every outcome and dead letter."
                        + " It only reads; the ledger may run meanwhile or be down.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 the ledger agrees, 1 it does not, 2 usage or not audited, 3 Kafka unreachable."})
final class VerifyCommand implements Callable<Integer> {
    /** More than the minute after which Kafka ends the transaction of an instance that was killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);
    private static final int MAX_PORT = 65_535;
    private static final Logger log = LoggerFactory.getLogger(VerifyCommand.class);

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--partition",
            paramLabel = "N",
            description =
                    "Audit only this partition; can be given several times. A partition at a time needs less memory.")
    private List<Integer> partitions = List.of();

    @Option(names = "--http", paramLabel = "URL", description = "Compare balances that this instance serves as well.")
    private @Nullable URI http;

    @Option(
            names = "--http-sample",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many accounts to ask for, chosen at random (10000).")
    private int sample;

    @Option(names = "--http-token-file", paramLabel = "FILE", description = "File with the token to send.")
    private @Nullable Path tokenFile;

    @Option(names = "--follow", description = "Go on as the ledger goes on, until something is wrong or Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON too; - is standard output.")
    private @Nullable String json;

    @Option(
            names = "--max-findings",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many violations to list, beside the first of each kind (20).")
    private int maxFindings;

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireSense();
        Path file = json == null || json.equals("-") ? null : file(json);
        String token = tokenFile == null ? null : TokenFile.read(spec, tokenFile);
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        LedgerTopics topics = LedgerTopics.of(values.text(Setting.TALLY_TOPIC_PREFIX), kafka.applicationId());
        LogLevels.silenceKafka();
        if (!follow) {
            return judged(kafka, topics, token, file, null);
        }
        StopSignal signal = new StopSignal();
        int exitCode = ExitCode.USAGE;
        try {
            exitCode = judged(kafka, topics, token, file, signal);
            return exitCode;
        } finally {
            signal.release(exitCode);
        }
    }

    /** Whatever keeps it from judging is not {@link ExitCode#FAILED}: that is for a ledger that is wrong. */
    private int judged(
            KafkaConfig kafka,
            LedgerTopics topics,
            @Nullable String token,
            @Nullable Path file,
            @Nullable StopSignal signal)
            throws InterruptedException {
        try {
            return audit(kafka, topics, token, file, signal);
        } catch (TimeoutException e) {
            throw new KafkaUnreachableException("Kafka does not answer any more: " + e.getMessage(), e);
        } catch (KafkaUnreachableException | ConfigException e) {
            throw e;
        } catch (RuntimeException e) {
            log.debug("Not audited", e);
            terminal.err().println("tally: Not audited. " + message(e));
            return ExitCode.USAGE;
        }
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void requireSense() {
        if (http != null && follow || sample < 1 || maxFindings < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--http and --follow do not go together, and --http-sample and --max-findings are at least 1");
        }
        if (http != null && !isAddress(http)) {
            throw new ParameterException(
                    spec.commandLine(), "--http is " + http + ", but must be of the form http://host:port");
        }
    }

    private static boolean isAddress(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getPort() <= MAX_PORT
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    private int audit(
            KafkaConfig kafka,
            LedgerTopics topics,
            @Nullable String token,
            @Nullable Path file,
            @Nullable StopSignal signal)
            throws InterruptedException {
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            probe.requireTopics(List.of(topics.input(), topics.output(), topics.deadLetters(), topics.journal()));
        }
        LedgerSettings settings = StoredSettings.read(kafka.settings(), topics);
        AuditedTopics audited =
                new AuditedTopics(topics.input(), topics.output(), topics.deadLetters(), kafka.applicationId());
        long startedAt = System.nanoTime();
        try (LedgerAudit audit = new LedgerAudit(
                kafka.connection(),
                audited,
                AuditSettings.of(
                        settings.partitions(),
                        settings.defaultCurrency(),
                        settings.registrationRequired(),
                        settings.currencies()),
                new LedgerAudit.Scope(new HashSet<>(partitions), outcome -> {}, maxFindings),
                PATIENCE)) {
            if (signal != null && !follow(audit, signal)) {
                return stopped(audit);
            }
            AuditReport report = signal == null ? once(audit) : audit.report();
            ServedBalances served = null;
            RuntimeException refused = null;
            if (http != null) {
                served = new ServedBalances(http, token, sample, maxFindings);
                refused = compare(served, audit);
                report = report.with(served.findings());
            }
            if (refused != null && report.clean()) {
                terminal.err().println("tally: Not audited to the end: the topics agree. " + message(refused));
                return ExitCode.USAGE;
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - startedAt);
            boolean written = print(new VerifyReport(audited, report, served, taken), file);
            if (refused != null) {
                terminal.err().println("tally: Not every balance was compared. " + message(refused));
            }
            return !report.clean() ? ExitCode.FAILED : written ? ExitCode.OK : ExitCode.USAGE;
        }
    }

    /** What keeps the balances from being compared, or null: what the topics have shown stands all the same. */
    private static @Nullable RuntimeException compare(ServedBalances served, LedgerAudit audit)
            throws InterruptedException {
        try {
            served.compare(audit);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private AuditReport once(LedgerAudit audit) {
        try (VerifyProgress progress = new VerifyProgress(terminal.err())) {
            audit.read(progress::show);
        }
        return audit.report();
    }

    /** Whether there is something to report: not when it is told to end while it reads for the first time. */
    private boolean follow(LedgerAudit audit, StopSignal signal) throws InterruptedException {
        try {
            audit.read((read, of) -> requireTime(signal));
        } catch (StoppedException e) {
            return false;
        }
        terminal.out().println(VerifyReport.line(audit.counts(), audit.isClean()));
        while (audit.isClean() && !signal.awaited(BETWEEN_ROUNDS)) {
            audit.read((read, of) -> {});
            terminal.out().println(VerifyReport.line(audit.counts(), audit.isClean()));
        }
        return true;
    }

    private static void requireTime(StopSignal signal) {
        try {
            if (signal.awaited(Duration.ZERO)) {
                throw new StoppedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /** Half read, only what is wrong already can be told. */
    private int stopped(LedgerAudit audit) {
        if (!audit.isClean()) {
            // Others may be reading still: nothing can be counted.
            terminal.out().println("Stopped before everything had been read, and wrong already: VIOLATED");
            return ExitCode.FAILED;
        }
        terminal.err().println("tally: Not audited. It was stopped before everything had been read once.");
        return ExitCode.USAGE;
    }

    /** Whether the report stands where it was asked for. */
    private boolean print(VerifyReport report, @Nullable Path file) {
        if ("-".equals(json)) {
            terminal.out().println(report.json());
            return true;
        }
        terminal.out().println(report.text());
        try {
            if (file != null) {
                Files.writeString(file, report.json() + System.lineSeparator());
            }
            return true;
        } catch (IOException e) {
            terminal.err().println("tally: The report cannot be written to " + file + ": " + e);
            return false;
        }
    }

    /** Where a report can be written, as far as can be said before it is there. */
    private Path file(String name) {
        try {
            Path file = Path.of(name);
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null
                    && Files.isDirectory(folder)
                    && (Files.exists(file)
                            ? Files.isWritable(file) && !Files.isDirectory(file)
                            : Files.isWritable(folder))) {
                return file;
            }
        } catch (InvalidPathException e) {
            log.debug("No path", e);
        }
        throw new ParameterException(spec.commandLine(), "--json is " + name + ", which cannot be written");
    }

    /** The process is told to end. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
