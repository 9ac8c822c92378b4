package io.tally.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Gives a ledger that runs elsewhere the little traffic that {@code dev} has, until the process is told to end. */
@Command(
        name = "demo",
        description = "Send a few commands per second to a ledger, for something to look at.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        KafkaConfig kafka = KafkaConfig.of(values);
        String topic = LedgerConfig.of(values).topics(kafka.applicationId()).input();
        // The ledger makes its topics: sent before, the first commands would be lost.
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            probe.requireTopics(List.of(topic));
        }
        try (Running running = Running.untilSignalled()) {
            running.add(DemoTraffic.start(kafka, topic));
            terminal.out().println("Demo   a few commands per second to " + kafka.bootstrapServers());
            running.awaitClose();
            return ExitCode.OK;
        }
    }
}
