package io.tally.app;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program's entry. */
@Command(
        name = "tally",
        description = "An exactly-once ledger on Kafka.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(Terminal terminal, String... arguments) {
        LogLevels.set(terminal.environment().getOrDefault(Setting.TALLY_LOG_LEVELS.name(), ""));
        CommandLine program = new CommandLine(new Main());
        EnumSet<Setting> all = EnumSet.allOf(Setting.class);
        EnumSet<Setting> broker =
                EnumSet.of(Setting.TALLY_DATA_DIR, Setting.TALLY_DEV_KAFKA_PORT, Setting.TALLY_DEV_CONTROLLER_PORT);
        EnumSet<Setting> input = EnumSet.of(Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.TALLY_TOPIC_PREFIX);
        EnumSet<Setting> existing =
                EnumSet.of(Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.TALLY_TOPIC_PREFIX, Setting.KAFKA_APPLICATION_ID);
        EnumSet<Setting> copied = EnumSet.copyOf(existing);
        copied.addAll(EnumSet.of(
                Setting.TALLY_PARTITIONS,
                Setting.TALLY_REPLICATION,
                Setting.TALLY_MIN_ISR,
                Setting.TALLY_CURRENCY,
                Setting.TALLY_REQUIRE_REGISTRATION));
        program.addSubcommand(SettingOptions.add(new CommandLine(new DevCommand(terminal)), all));
        program.addSubcommand(SettingOptions.add(new CommandLine(new ServeCommand(terminal)), all));
        program.addSubcommand(SettingOptions.add(new CommandLine(new BrokerCommand(terminal)), broker));
        program.addSubcommand(SettingOptions.add(new CommandLine(new SendCommand(terminal)), existing));
        program.addSubcommand(SettingOptions.add(new CommandLine(new VerifyCommand(terminal)), existing));
        program.addSubcommand(SettingOptions.add(new CommandLine(new CopyCommand(terminal)), copied));
        program.addSubcommand(SettingOptions.add(new CommandLine(new DoctorCommand(terminal)), all));
        program.addSubcommand(SettingOptions.add(
                new CommandLine(new LeaveCommand(terminal)),
                EnumSet.of(Setting.KAFKA_BOOTSTRAP_SERVERS, Setting.KAFKA_APPLICATION_ID)));
        program.addSubcommand(SettingOptions.add(new CommandLine(new DemoCommand(terminal)), input));
        program.addSubcommand(new CommandLine(new BenchCommand(terminal)));
        program.addSubcommand(WebhookCommand.of(terminal));
        program.addSubcommand(new CommandLine(new HelpCommand(terminal)));
        program.addSubcommand(new CommandLine(new TrainCommand()));
        program.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        program.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        program.setParameterExceptionHandler((e, given) -> misused(terminal, e));
        program.setExecutionExceptionHandler((e, command, result) -> failed(terminal, e));
        return program.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which command to run");
    }

    private static int misused(Terminal terminal, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().println("tally: " + e.getMessage() + ". See `" + command + " --help`.");
        return ExitCode.USAGE;
    }

    private static int failed(Terminal terminal, Exception e) {
        LoggerFactory.getLogger(Main.class).debug("The command failed", e);
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        terminal.err().println("tally: " + message.replaceAll("\\s*\\R\\s*", " "));
        return ExitCode.of(e);
    }
}
