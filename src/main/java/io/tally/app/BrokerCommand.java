package io.tally.app;

import io.tally.dev.EmbeddedBroker;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the embedded broker alone, until the process is told to end. */
@Command(
        name = "broker",
        description = "Run only the embedded Kafka broker, on 127.0.0.1.",
        mixinStandardHelpOptions = true)
final class BrokerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    BrokerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        DevConfig dev = DevConfig.of(values);
        try (Running running = Running.untilSignalled()) {
            EmbeddedBroker broker = running.add(EmbeddedBroker.start(dev.broker(values.path(Setting.TALLY_DATA_DIR))));
            terminal.out().println("Kafka  " + broker.bootstrapServers());
            running.awaitClose();
            return ExitCode.OK;
        }
    }
}
