package io.tally.app;

import io.tally.app.webhook.ListenServer;
import io.tally.app.webhook.Receiver;
import io.tally.app.webhook.Registration;
import io.tally.wire.webhook.SigningSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes webhooks and says of each whether it is as it should be, until the process is told to end. */
@Command(
        name = "listen",
        description =
                "Take webhooks, for trying out, and print a line about each: what it tells, and whether its signature,"
                        + " timestamp and order are right. Sequences rise by one only for an endpoint that is told of all types.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code: 0 all was right (repeats are), 1 something was not, 2 usage."})
final class WebhookListenCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "9000", description = "Port to listen on; 0 takes a free one (9000).")
    private int port;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on (127.0.0.1).")
    private String host = "";

    @Option(
            names = "--secret",
            paramLabel = "WHSEC",
            description = "Secret to check signatures with; can be given several times. Others see it in the list of"
                    + " processes: better TALLY_WEBHOOK_SECRET.")
    private List<String> secrets = List.of();

    @Option(
            names = "--register",
            paramLabel = "URL",
            description =
                    "Make an endpoint for this receiver at the Tally at http://host:port, and delete it at the end.")
    private @Nullable URI tally;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with a token of scope admin, to register.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--status",
            paramLabel = "N",
            defaultValue = "204",
            description = "Answer to what it takes, 200 to 599 (204). Wrong signatures and timestamps get 401.")
    private int status;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "" + Long.MAX_VALUE,
            description = "End after so many events, repeats not counted.")
    private long count;

    WebhookListenCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireSense();
        List<SigningSecret> known = secrets();
        String token = tokenFile == null ? null : TokenFile.read(spec, tokenFile);
        ProcessEnd end = new ProcessEnd();
        int exitCode = ExitCode.FAILED;
        try {
            exitCode = listen(known, token, end);
            return exitCode;
        } finally {
            end.release(exitCode);
        }
    }

    private int listen(List<SigningSecret> known, @Nullable String token, ProcessEnd end) throws InterruptedException {
        Receiver receiver;
        boolean deleted;
        try (ListenServer server = bind()) {
            Registration registration = tally == null ? null : Registration.create(tally, server.url(), token);
            if (registration != null) {
                known.add(registration.secret());
            }
            receiver = new Receiver(known, terminal.out());
            server.start(receiver, status);
            terminal.err()
                    .println("Listening at " + server.url()
                            + (registration == null ? "" : ", registered as " + registration.endpoint()));
            while (receiver.events() < count && !end.awaited(PAUSE)) {
                // The server's threads judge deliveries.
            }
            deleted = registration == null || isDeleted(registration);
        }
        terminal.out().println(receiver.summary());
        return receiver.isRight() && deleted ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean isDeleted(Registration registration) throws InterruptedException {
        try {
            registration.delete();
            return true;
        } catch (IllegalStateException e) {
            terminal.err().println("tally: " + e.getMessage());
            return false;
        }
    }

    private void requireSense() {
        if (port < 0 || port > 65_535 || status < 200 || status > 599 || count < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--port is 0 to 65535, --status 200 to 599, and --count at least 1");
        }
        if (tally != null) {
            tally = ServiceUrl.require(spec, "--register", tally, "http", "https");
        }
    }

    /** Of the options and the variable. A message about one that is malformed does not hold it. */
    private List<SigningSecret> secrets() {
        List<String> given = new ArrayList<>(secrets);
        String variable = terminal.environment().getOrDefault(Setting.TALLY_WEBHOOK_SECRET.name(), "");
        if (!variable.isEmpty()) {
            given.addAll(List.of(variable.split(",", -1)));
        }
        List<SigningSecret> known = new ArrayList<>();
        for (String secret : given) {
            try {
                known.add(new SigningSecret(secret.strip(), null));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "A secret is not whsec_ and the base64 of 24 to 64 bytes");
            }
        }
        return known;
    }

    private ListenServer bind() {
        try {
            return ListenServer.bind(host, port);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "Port " + port + " of " + host + " cannot be listened on: " + e.getMessage());
        }
    }
}
