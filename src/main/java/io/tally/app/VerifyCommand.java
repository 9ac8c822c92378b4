package io.tally.app;

import io.tally.app.send.KafkaUnreachableException;
import io.tally.audit.AuditRefusedException;
import io.tally.audit.AuditReport;
import io.tally.audit.AuditSettings;
import io.tally.audit.AuditedTopics;
import io.tally.audit.LedgerAudit;
import io.tally.ledger.LedgerSettings;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StartRefusedException;
import io.tally.stream.StoredSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
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
        footer = {"", "Exit code: 0 the ledger agrees, 1 it does not, 2 usage or nothing to audit, 3 Kafka unreachable."
        })
final class VerifyCommand implements Callable<Integer> {
    /** More than the minute after which Kafka ends the transaction of an instance that was killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);

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
    public Integer call() throws IOException, InterruptedException {
        if (http != null && follow || sample < 1 || maxFindings < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--http and --follow do not go together, and --http-sample and --max-findings are at least 1");
        }
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        LedgerTopics topics = LedgerTopics.of(values.text(Setting.TALLY_TOPIC_PREFIX), kafka.applicationId());
        String token = tokenFile == null ? null : token(tokenFile);
        LogLevels.silenceKafka();
        try {
            return audit(kafka, topics, token);
        } catch (TimeoutException e) {
            throw new KafkaUnreachableException("Kafka does not answer any more: " + e.getMessage(), e);
        } catch (AuditRefusedException | StartRefusedException | IllegalStateException e) {
            terminal.err().println("tally: Not audited. " + e.getMessage());
            return ExitCode.USAGE;
        }
    }

    private int audit(KafkaConfig kafka, LedgerTopics topics, @Nullable String token)
            throws IOException, InterruptedException {
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
            AuditReport report = follow ? follow(audit) : once(audit);
            ServedBalances served = null;
            if (http != null) {
                served = new ServedBalances(http, token, sample);
                report = report.with(served.compare(audit));
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - startedAt);
            print(new VerifyReport(audited, report, served, taken));
            return report.clean() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private AuditReport once(LedgerAudit audit) {
        try (VerifyProgress progress = new VerifyProgress(terminal.err())) {
            audit.read(progress::show);
        }
        return audit.report();
    }

    private AuditReport follow(LedgerAudit audit) throws InterruptedException {
        StopSignal signal = new StopSignal();
        try {
            do {
                audit.read((read, of) -> {});
                terminal.out().println(VerifyReport.line(audit.counts(), audit.isClean()));
            } while (audit.isClean() && !signal.awaited(BETWEEN_ROUNDS));
            return audit.report();
        } finally {
            signal.release();
        }
    }

    private void print(VerifyReport report) throws IOException {
        if ("-".equals(json)) {
            terminal.out().println(report.json());
            return;
        }
        terminal.out().println(report.text());
        if (json != null) {
            Files.writeString(Path.of(json), report.json() + System.lineSeparator());
        }
    }

    private String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "The file " + file + " cannot be read");
        }
    }
}
