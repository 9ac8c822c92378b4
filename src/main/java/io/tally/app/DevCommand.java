package io.tally.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs everything in one process: a broker, the service and a little traffic. */
@Command(
        name = "dev",
        description = "Run a Kafka broker and the service in one process, with a little traffic to look at.",
        mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    DevCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        SettingValues values = SettingOptions.read(spec, terminal.environment());
        requireOwnBroker(values);
        TallyConfig config = TallyConfig.of(values.orElse(WebhookConfig.OF_DEV));
        try (Running running = Running.untilSignalled()) {
            Startup startup = new Startup(running, terminal.out());
            TallyConfig connected = startup.broker(startup.claim(config));
            startup.service(connected);
            if (connected.dev().demo()) {
                KafkaConfig kafka = connected.kafka();
                String topic = connected.ledger().topics(kafka.applicationId()).input();
                running.add(DemoTraffic.start(kafka, topic));
                terminal.out().println("Demo   a few commands per second; TALLY_DEMO=false turns them off");
            }
            running.awaitClose();
            return ExitCode.OK;
        }
    }

    /** A cluster that was named, but not used, would be a surprise: its ledger would seem empty. */
    private static void requireOwnBroker(SettingValues values) {
        if (values.isGiven(Setting.KAFKA_BOOTSTRAP_SERVERS)) {
            throw new ConfigException(
                    Setting.KAFKA_BOOTSTRAP_SERVERS.key(),
                    "is set, but `tally dev` brings its own broker",
                    "Unset it, or run `tally serve` to use that cluster.");
        }
    }
}
