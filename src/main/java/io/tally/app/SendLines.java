package io.tally.app;

import io.tally.app.send.CommandLines;
import io.tally.app.send.ReadAhead;
import io.tally.app.send.Sender;
import io.tally.app.send.Summary;
import io.tally.app.send.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends many commands and prints how many got which answer. */
final class SendLines {
    private final Terminal terminal;
    private final Target target;
    private final @Nullable Duration wait;
    private final boolean json;

    SendLines(Terminal terminal, Target target, @Nullable Duration wait, boolean json) {
        this.terminal = terminal;
        this.target = target;
        this.wait = wait;
        this.json = json;
    }

    /**
     * @param bytes the length of all lines together, or -1 when unknown
     * @throws io.tally.app.send.BadLineException if a line cannot be sent, after those before it were answered
     */
    int run(CommandLines lines, long bytes) throws IOException, InterruptedException {
        ReadAhead commands = ReadAhead.from(lines::next);
        Summary summary = send(commands, bytes);
        SummaryReport report = new SummaryReport(summary, wait != null);
        terminal.out().println(json ? report.json() : report.text());
        Exception failure = commands.failure();
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        return wait == null || summary.accepted() == summary.sent() ? ExitCode.OK : ExitCode.FAILED;
    }

    private Summary send(ReadAhead commands, long bytes) throws InterruptedException {
        try (Sender sender = new Sender(target, Objects.requireNonNullElse(wait, Duration.ZERO));
                SendProgress progress = new SendProgress(terminal.err(), bytes)) {
            return wait == null
                    ? sender.send(commands, progress::step)
                    : sender.sendAndAwait(commands, (command, answer) -> progress.step(command));
        }
    }
}
