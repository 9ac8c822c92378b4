package io.tally.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run came to.
 *
 * @param run seed, times, machine and versions, by name
 * @param totals how much there was of everything, by name
 * @param violations promises that were seen broken, with the fault that was on then
 * @param findings what shall be looked at: faults that did not fire, writes that came back late
 */
record ChaosReport(
        Map<String, Object> run,
        Map<String, Long> totals,
        List<FaultFigures> faults,
        List<String> violations,
        List<String> findings) {
    static final String HEADER = """
            | fault | runs | fired | violations | without writes, s | without reads, s | first outcome after the heal, s | \
            entries restored | whole fault, s | bound of the first outcome |
            |---|---|---|---|---|---|---|---|---|---|
            """;

    /** Writes {@code report.md} and {@code report.json}. */
    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("report.md"), markdown());
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(directory.resolve("report.json").toFile(), this);
    }

    /** The table is that of docs/VERIFICATION.md. */
    String markdown() {
        StringBuilder text = new StringBuilder("# Chaos run\n\n");
        text.append(violations.isEmpty() ? "No violation.\n" : "**" + violations.size() + " violations.**\n");
        run.forEach(
                (name, value) -> text.append("\n- ").append(name).append(": ").append(value));
        text.append(
                "\n\nTimes are median / maximum. A partition counts as without writes or reads when it alone is. Each bound is"
                        + " longer by 1 s per " + FaultKind.RESTORED_PER_SECOND + " journal entries restored.\n\n");
        text.append(HEADER);
        faults.forEach(fault -> text.append(fault.row()).append('\n'));
        totals.forEach(
                (name, value) -> text.append("\n- ").append(name).append(": ").append(value));
        list(text, "Violations", violations);
        list(text, "Findings", findings);
        return text.append('\n').toString();
    }

    private static void list(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n\n## ").append(title).append('\n');
            lines.forEach(line -> text.append("\n- ").append(line));
        }
    }
}
