package io.tally.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one instance of the service against a Kafka cluster, until the process is told to end. */
@Command(
        name = "serve",
        description = "Run the service against KAFKA_BOOTSTRAP_SERVERS.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        TallyConfig config = TallyConfig.of(SettingOptions.read(spec, terminal.environment()));
        try (Running running = Running.untilSignalled()) {
            Startup startup = new Startup(running, terminal.out());
            TallyConfig claimed = startup.claim(config);
            startup.service(claimed);
            running.awaitClose();
            return ExitCode.OK;
        }
    }
}
