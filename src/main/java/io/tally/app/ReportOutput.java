package io.tally.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where a report goes: to standard output as text, and into a file as JSON if there is one; or only to standard output, as
 * JSON.
 */
final class ReportOutput {
    private static final String STANDARD_OUTPUT = "-";
    private static final Logger log = LoggerFactory.getLogger(ReportOutput.class);

    private final Terminal terminal;
    private final boolean jsonOnly;
    private final @Nullable Path file;

    private ReportOutput(Terminal terminal, boolean jsonOnly, @Nullable Path file) {
        this.terminal = terminal;
        this.jsonOnly = jsonOnly;
        this.file = file;
    }

    /**
     * What {@code --json} asks for.
     *
     * @param json a file's name, {@code -} for standard output, or null for no JSON
     * @throws ParameterException if that file cannot be written, as far as can be said before it is there
     */
    static ReportOutput of(Terminal terminal, CommandSpec spec, @Nullable String json) {
        if (json == null || json.equals(STANDARD_OUTPUT)) {
            return new ReportOutput(terminal, json != null, null);
        }
        Path file = writable(json);
        if (file == null) {
            throw new ParameterException(spec.commandLine(), "--json is " + json + ", which cannot be written");
        }
        return new ReportOutput(terminal, false, file);
    }

    private static @Nullable Path writable(String name) {
        try {
            Path file = Path.of(name);
            Path folder = file.toAbsolutePath().getParent();
            return folder != null
                            && Files.isDirectory(folder)
                            && (Files.exists(file)
                                    ? Files.isWritable(file) && !Files.isDirectory(file)
                                    : Files.isWritable(folder))
                    ? file
                    : null;
        } catch (InvalidPathException e) {
            log.debug("No path", e);
            return null;
        }
    }

    /** Whether the report stands where it was asked for; if not, it has been said why. */
    boolean print(VerifyReport report) {
        if (jsonOnly) {
            terminal.out().println(report.json());
            return true;
        }
        terminal.out().println(report.text());
        if (file == null) {
            return true;
        }
        try {
            Files.writeString(file, report.json() + System.lineSeparator());
            return true;
        } catch (IOException e) {
            terminal.err().println("tally: The report cannot be written to " + file + ": " + e);
            return false;
        }
    }
}
