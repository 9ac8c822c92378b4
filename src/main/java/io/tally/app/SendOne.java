package io.tally.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.app.send.Answer;
import io.tally.app.send.OutgoingCommand;
import io.tally.app.send.ReadAhead;
import io.tally.app.send.Sender;
import io.tally.app.send.Target;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends one command and prints its answer as one JSON object: the outcome as the ledger wrote it, else an object whose
 * {@code status} is {@code DEAD_LETTER}, {@code REPEATED}, {@code UNANSWERED} or {@code SENT}.
 */
final class SendOne {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;
    private final Target target;
    private final @Nullable Duration wait;

    SendOne(Terminal terminal, Target target, @Nullable Duration wait) {
        this.terminal = terminal;
        this.target = target;
        this.wait = wait;
    }

    int run(OutgoingCommand command) throws InterruptedException {
        Iterator<OutgoingCommand> source = List.of(command).iterator();
        ReadAhead commands = ReadAhead.from(() -> source.hasNext() ? source.next() : null);
        try (Sender sender = new Sender(target, Objects.requireNonNullElse(wait, Duration.ZERO))) {
            if (wait == null) {
                sender.send(commands, sent -> {});
                terminal.out().println(status(command, "SENT"));
                return ExitCode.OK;
            }
            return sender.sendAndAwait(commands, this::print).accepted() == 1 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private void print(OutgoingCommand command, Answer answer) {
        if (answer instanceof Answer.Accepted accepted) {
            terminal.out().println(accepted.outcome());
        } else if (answer instanceof Answer.Rejected rejected) {
            terminal.out().println(rejected.outcome());
        } else if (answer instanceof Answer.DeadLetter letter) {
            terminal.out()
                    .println(status(command, "DEAD_LETTER")
                            .put("code", letter.code())
                            .put("detail", letter.detail()));
        } else if (answer instanceof Answer.Repeated) {
            terminal.out().println(status(command, "REPEATED"));
            terminal.err().println("Decided before; the first outcome stands: GET /v1/transaction/" + command.uid());
        } else {
            terminal.out().println(status(command, "UNANSWERED"));
            terminal.err()
                    .println(
                            "No outcome in time. Kafka has the command: it will be decided when the ledger runs, or was"
                                    + " decided before. Sending it again with this uid does no harm.");
        }
    }

    private static ObjectNode status(OutgoingCommand command, String status) {
        return JSON.createObjectNode()
                .put("uid", command.uid())
                .put("user_id", command.userId())
                .put("status", status);
    }
}
