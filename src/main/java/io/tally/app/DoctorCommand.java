package io.tally.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.app.doctor.ClusterCheck;
import io.tally.app.doctor.Finding;
import io.tally.app.doctor.InputCheck;
import io.tally.app.doctor.LedgerCheck;
import io.tally.app.doctor.MachineCheck;
import io.tally.app.doctor.RightsCheck;
import io.tally.app.doctor.TransactionsCheck;
import io.tally.app.send.KafkaUnreachableException;
import io.tally.stream.LedgerExamination;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StartRefusedException;
import io.tally.stream.WebhookTopics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what a start needs, from this machine with these settings, and says of each thing what to do. */
@Command(
        name = "doctor",
        description = "Check machine, brokers, topics, rights, transactions, input and clock; change nothing.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 no problem (warnings perhaps), 1 problems, 2 usage, 3 Kafka unreachable."})
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws JsonProcessingException {
        TallyConfig config = TallyConfig.of(SettingOptions.read(spec, terminal.environment()));
        LogLevels.silenceKafka();
        List<Finding> findings = new ArrayList<>(new MachineCheck(
                        config.dataDirectory(),
                        config.processing().storeMemoryMb(),
                        config.processing().minFreeDiskMb())
                .findings());
        int exitCode = ofKafka(config, findings);
        print(findings);
        boolean problems = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.PROBLEM);
        return exitCode == ExitCode.OK && problems ? ExitCode.FAILED : exitCode;
    }

    /** Adds what was found, and returns the exit code that follows from whether Kafka answers. */
    private static int ofKafka(TallyConfig config, List<Finding> findings) {
        int brokers;
        try (KafkaProbe probe = KafkaProbe.connect(config.kafka())) {
            brokers = probe.brokers();
        } catch (KafkaUnreachableException | IllegalStateException e) {
            findings.add(
                    Finding.problem("Kafka", String.valueOf(e.getMessage()), "Nothing else of Kafka was looked at."));
            return ExitCode.of(e);
        }
        KafkaConfig kafka = config.kafka();
        LedgerTopics topics = config.ledger().topics(kafka.applicationId());
        try (Admin admin = Admin.create(kafka.connection())) {
            findings.addAll(new ClusterCheck(admin).findings());
            List<String> all = Stream.concat(
                            topics.names().stream(),
                            WebhookTopics.of(config.ledger().topicPrefix()).names().stream())
                    .toList();
            List<String> groups = List.of(kafka.applicationId(), kafka.applicationId() + "-webhooks");
            findings.addAll(new RightsCheck(admin, all, groups).findings());
            LedgerExamination ledger =
                    new LedgerExamination(admin, topics, config.ledger().newLedger(brokers));
            Path state = config.stateDirectory().resolve(kafka.applicationId());
            boolean exists = ledger.exists();
            findings.addAll(exists ? LedgerCheck.existing(ledger) : LedgerCheck.missing(state));
            if (exists) {
                findings.addAll(new TransactionsCheck(admin).findings(all));
                findings.addAll(new InputCheck(kafka.connection(), topics.input()).findings());
            }
        } catch (StartRefusedException e) {
            // The brokers refuse to describe the topics; what else was found stands.
            findings.add(Finding.problem("ledger", String.valueOf(e.getMessage()), "Until then a start is refused."));
        }
        return ExitCode.OK;
    }

    private void print(List<Finding> findings) throws JsonProcessingException {
        if (json) {
            terminal.out().println(new ObjectMapper().writeValueAsString(findings));
            return;
        }
        for (Finding finding : findings) {
            terminal.out()
                    .printf(
                            "%-8s %-15s %s%n",
                            finding.level().name().toLowerCase(Locale.ROOT), finding.subject(), finding.text());
            if (finding.fix() != null) {
                terminal.out().printf("%-8s %-15s %s%n", "", "", finding.fix());
            }
        }
    }
}
