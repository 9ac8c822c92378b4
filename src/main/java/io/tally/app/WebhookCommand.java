package io.tally.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What helps with webhooks. */
@Command(
        name = "webhook",
        description = "Receive webhooks, for trying out: tally webhook listen.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class WebhookCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private WebhookCommand() {}

    static CommandLine of(Terminal terminal) {
        return new CommandLine(new WebhookCommand()).addSubcommand(new CommandLine(new WebhookListenCommand(terminal)));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: listen");
    }
}
