package io.tally.app;

import io.tally.app.send.KafkaUnreachableException;
import io.tally.stream.InputCopy;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StartRefusedException;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a ledger's input into a new ledger, which can have another number of partitions. */
@Command(
        name = "copy",
        description = {
            "Copy the input of a ledger that rests into a new ledger, which may have another number of partitions.",
            "The settings are those of the new ledger; start it with the same."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 all was copied, 1 not all, 2 usage or refused, 3 Kafka unreachable."})
final class CopyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from-topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "TALLY_TOPIC_PREFIX of the ledger to copy from (none).")
    private String fromPrefix = "";

    @Option(
            names = "--from-application-id",
            paramLabel = "ID",
            defaultValue = "tally",
            description = "KAFKA_APPLICATION_ID of the ledger to copy from (tally).")
    private String fromApplicationId = "tally";

    CopyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        LedgerConfig ledger = LedgerConfig.of(values);
        LedgerTopics from = LedgerTopics.of(fromPrefix, fromApplicationId);
        LedgerTopics to = ledger.topics(kafka.applicationId());
        LogLevels.silenceKafka();
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            int brokers = probe.brokers();
            InputCopy.Result result =
                    new InputCopy(kafka.settings(), from, to, ledger.newLedger(brokers)).run(fromApplicationId);
            terminal.out()
                    .println("Copied " + result.copied() + " records of " + from.input() + " to " + to.input() + ".");
            terminal.out()
                    .println("Not copied: " + result.elsewhere()
                            + " that are there as their copies for the right partition, " + result.forged()
                            + " dead letters that only looked like such copies.");
            if (result.undecided() > 0) {
                terminal.out()
                        .println("Of the copied, " + result.undecided() + " stood in partitions that were added to "
                                + from.input() + ": their ledger has not decided them, the new one will.");
            }
            return ExitCode.OK;
        } catch (TimeoutException e) {
            throw new KafkaUnreachableException("Kafka does not answer any more: " + e.getMessage(), e);
        } catch (StartRefusedException e) {
            terminal.err().println("tally: Not copied. " + e.getMessage());
            return ExitCode.USAGE;
        }
    }
}
