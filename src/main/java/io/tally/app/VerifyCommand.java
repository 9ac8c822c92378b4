package io.tally.app;

import io.tally.audit.LedgerAudit;
import io.tally.stream.LedgerTopics;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
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
        footer = {"", "Exit code: 0 the ledger agrees, 1 it does not, 2 usage or not audited, 3 Kafka unreachable."})
final class VerifyCommand implements Callable<Integer> {
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
        ReportOutput output = ReportOutput.of(terminal, spec, json);
        String token = tokenFile == null ? null : TokenFile.read(spec, tokenFile);
        ServedBalances served = http == null ? null : new ServedBalances(http, token, sample, maxFindings);
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        LedgerTopics topics = LedgerTopics.of(values.text(Setting.TALLY_TOPIC_PREFIX), kafka.applicationId());
        LogLevels.silenceKafka();
        LedgerAudit.Scope scope = new LedgerAudit.Scope(new HashSet<>(partitions), outcome -> {}, maxFindings);
        Verification verification = new Verification(terminal, kafka, topics, scope, output);
        return follow ? followed(verification) : verification.run(served, null);
    }

    private void requireSense() {
        if (http != null && follow || sample < 1 || maxFindings < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--http and --follow do not go together, and --http-sample and --max-findings are at least 1");
        }
        if (http != null) {
            http = ServiceUrl.require(spec, "--http", http, "http", "https");
        }
    }

    private static int followed(Verification verification) throws InterruptedException {
        ProcessEnd end = new ProcessEnd();
        int exitCode = ExitCode.USAGE;
        try {
            exitCode = verification.run(null, end);
            return exitCode;
        } finally {
            end.release(exitCode);
        }
    }
}
