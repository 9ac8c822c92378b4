package io.tally.app;

import io.tally.stream.GroupMembers;
import io.tally.stream.StartRefusedException;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes an instance whose process has ended for good out of the group, so that nobody waits for its session to end. */
@Command(
        name = "leave",
        description = {
            "Take an instance whose process has ended for good out of the group: the others get its partitions at once.",
            "Without it they wait until its session has ended, 10 s."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 it has left, 1 it was not in the group, 2 usage or refused, 3 Kafka unreachable."})
final class LeaveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "INSTANCE",
            description =
                    "Its name in the group: the file instance-id in its data directory, on Kubernetes the pod's name.")
    private String instance = "";

    LeaveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        KafkaConfig kafka = KafkaConfig.of(SettingOptions.read(spec, terminal.environment()));
        LogLevels.silenceKafka();
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            probe.brokers();
        }
        try (Admin admin = Admin.create(kafka.connection())) {
            GroupMembers members = new GroupMembers(admin, kafka.applicationId());
            boolean left = members.remove(instance);
            terminal.out()
                    .println((left ? instance + " has left group " : instance + " is not in group ")
                            + kafka.applicationId() + "; in it are " + members.instances() + ".");
            return left ? ExitCode.OK : ExitCode.FAILED;
        } catch (StartRefusedException e) {
            terminal.err().println("tally: " + e.getMessage());
            return ExitCode.USAGE;
        }
    }
}
