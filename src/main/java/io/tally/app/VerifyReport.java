package io.tally.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tally.audit.AuditCounts;
import io.tally.audit.AuditReport;
import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditedTopics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An audit for the user; docs/OPERATIONS.md describes the JSON.
 *
 * @param served null when no balances were asked for
 */
record VerifyReport(
        AuditedTopics topics, AuditReport report, @Nullable ServedBalances served, Duration taken) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What stands where an audit follows a ledger. */
    static String line(AuditCounts counts, boolean clean) {
        return "%s  input %,d  outcomes %,d  dead letters %,d  %s"
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS),
                        counts.input(),
                        counts.outcomes(),
                        counts.allDeadLetters(),
                        clean ? "agrees" : "VIOLATED");
    }

    String json() {
        ObjectNode node = JSON.createObjectNode().put("verdict", verdict());
        node.putObject("topics")
                .put("input", topics.input())
                .put("output", topics.output())
                .put("dead_letters", topics.deadLetters())
                .put("group", topics.group());
        node.set("cut", JSON.valueToTree(report.cut()));
        node.set("counts", json(report.counts()));
        ObjectNode totals = node.putObject("totals");
        report.totals().forEach((currency, total) -> totals.put(currency, total.toPlainString()));
        if (served != null) {
            node.putObject("served").put("compared", served.compared()).put("moved_on", served.movedOn());
        }
        node.set("violations", JSON.valueToTree(report.violations()));
        var findings = node.putArray("findings");
        for (Finding finding : report.findings()) {
            ObjectNode one =
                    findings.addObject().put("kind", finding.kind().name()).put("topic", finding.topic());
            if (finding.position() != null) {
                one.put("partition", finding.position().partition());
                one.put("offset", finding.position().offset());
            }
            one.put("expected", finding.expected()).put("found", finding.found());
        }
        return node.put("seconds", taken.toMillis() / 1e3).toString();
    }

    private static ObjectNode json(AuditCounts counts) {
        ObjectNode node = JSON.createObjectNode()
                .put("input", counts.input())
                .put("outcomes", counts.outcomes())
                .put("accepted", counts.accepted())
                .put("repeats", counts.repeats())
                .put("rerouted", counts.rerouted())
                .put("users", counts.users());
        node.set("rejected", JSON.valueToTree(counts.rejected()));
        node.set("dead_letters", JSON.valueToTree(counts.deadLetters()));
        return node;
    }

    private String verdict() {
        return report.clean() ? "AGREES" : "VIOLATED";
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("audited  %s, %s and %s, up to what group %s has committed:%n"
                .formatted(topics.input(), topics.output(), topics.deadLetters(), topics.group()));
        report.cut()
                .forEach((partition, offset) -> text.append("  partition %-4d %,15d%n".formatted(partition, offset)));
        report.counts().byLabel().forEach((name, count) -> text.append("%-34s%,12d%n".formatted(name, count)));
        report.totals()
                .forEach((currency, total) -> text.append("%-34s%,12.4f%n".formatted("balances " + currency, total)));
        if (served != null) {
            text.append("%-34s%,12d%n".formatted("balances over HTTP", served.compared()));
            text.append("%-34s%,12d%n".formatted("not compared, had moved on", served.movedOn()));
        }
        text.append("took %.1f s%n".formatted(taken.toMillis() / 1e3));
        report.violations().forEach((kind, count) -> text.append("%-34s%,12d%n".formatted(kind, count)));
        report.findings().forEach(finding -> text.append("  ").append(finding).append(System.lineSeparator()));
        return text.append(verdict()).toString();
    }
}
