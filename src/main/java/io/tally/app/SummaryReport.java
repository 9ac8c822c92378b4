package io.tally.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.app.send.Summary;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * A summary for the user.
 *
 * @param awaited whether answers were waited for
 */
record SummaryReport(Summary summary, boolean awaited) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String json() {
        ObjectNode report = JSON.createObjectNode().put("sent", summary.sent());
        if (awaited) {
            report.put("accepted", summary.accepted());
            report.set("rejected", JSON.valueToTree(summary.rejected()));
            report.set("dead_letters", JSON.valueToTree(summary.deadLetters()));
            report.set("dead_letter_lines", JSON.valueToTree(summary.deadLetterLines()));
            report.put("repeated", summary.repeated()).put("unanswered", summary.unanswered());
        }
        return report.toString();
    }

    String text() {
        StringBuilder report = new StringBuilder(line("sent", summary.sent(), ""));
        if (awaited) {
            report.append(line("accepted", summary.accepted(), ""));
            each(report, "rejected", summary.rejected());
            summary.deadLetters()
                    .forEach((code, count) -> report.append(line("dead letters", count, code + lines(code, count))));
            if (summary.repeated() > 0) {
                report.append(line("repeated", summary.repeated(), "decided before; the first outcome stands"));
            }
            if (summary.unanswered() > 0) {
                report.append(line(
                        "unanswered",
                        summary.unanswered(),
                        "decided before, or not yet; sending them again does no harm"));
            }
        }
        return report.toString().stripTrailing();
    }

    private static void each(StringBuilder report, String label, Map<String, Long> counts) {
        counts.forEach((name, count) -> report.append(line(label, count, name)));
    }

    /** Where to look for the dead letters of a code. */
    private String lines(String code, long count) {
        SortedSet<Long> lines = summary.deadLetterLines().getOrDefault(code, Collections.emptySortedSet());
        String label = lines.size() == 1 ? ": line " : ": lines ";
        return lines.stream().map(String::valueOf).collect(Collectors.joining(", ", label, ""))
                + (count > lines.size() ? ", …" : "");
    }

    private static String line(String label, long count, String note) {
        return "%-13s%,12d  %s".formatted(label, count, note).stripTrailing() + System.lineSeparator();
    }
}
