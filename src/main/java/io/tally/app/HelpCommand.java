package io.tally.app;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the commands and every setting. */
@Command(name = "help", description = "List commands and settings.", mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    HelpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        spec.root().commandLine().usage(terminal.out());
        terminal.out().println();
        terminal.out().println("Settings, as environment variables or (without the first word) as options:");
        for (Setting setting : Setting.values()) {
            terminal.out()
                    .printf(
                            "  %-27s %-15s %s%n",
                            setting.name(),
                            Objects.requireNonNullElse(setting.defaultValue(), ""),
                            setting.description());
        }
        terminal.out().println("Any other KAFKA_* is a client setting: KAFKA_SECURITY_PROTOCOL is security.protocol.");
    }
}
