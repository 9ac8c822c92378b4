package io.tally.planted;

import io.tally.audit.AuditReport;
import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditSettings;
import io.tally.audit.AuditedTopics;
import io.tally.audit.History;
import io.tally.audit.LedgerAudit;
import io.tally.audit.Records;
import io.tally.stream.LedgerTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the audit says of a ledger.
 *
 * @param findings one line per kind of violation; none when all is well
 * @param records how many input records it has compared
 * @param history knows what look-ups must answer
 */
record OutsideAudit(List<String> findings, long records, History history) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FINDINGS = 20;

    static OutsideAudit of(String bootstrapServers, LedgerTopics topics, String group) {
        AuditSettings settings = Records.settings(PlantedLedger.PARTITIONS);
        History history = new History(settings);
        try (LedgerAudit audit = new LedgerAudit(
                Map.of("bootstrap.servers", bootstrapServers),
                new AuditedTopics(topics.input(), topics.output(), topics.deadLetters(), group),
                settings,
                new LedgerAudit.Scope(Set.of(), history, FINDINGS),
                PATIENCE)) {
            audit.read((read, of) -> {});
            AuditReport report = audit.report();
            return new OutsideAudit(findings(report), report.counts().input(), history);
        }
    }

    private static List<String> findings(AuditReport report) {
        return report.violations().entrySet().stream()
                .map(violation -> violation.getKey() + " ×" + violation.getValue() + ": "
                        + report.findings().stream()
                                .filter(finding -> finding.kind() == violation.getKey())
                                .findFirst()
                                .map(Finding::toString)
                                .orElseThrow())
                .toList();
    }
}
