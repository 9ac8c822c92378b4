package io.tally.app;

import io.tally.app.send.KafkaUnreachableException;
import io.tally.audit.AuditReport;
import io.tally.audit.AuditSettings;
import io.tally.audit.AuditedTopics;
import io.tally.audit.LedgerAudit;
import io.tally.ledger.LedgerSettings;
import io.tally.stream.LedgerTopics;
import io.tally.stream.StoredSettings;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One audit of a ledger: says how far it is, reports, and judges by an exit code. For one thread. */
final class Verification {
    /** More than the minute after which Kafka ends the transaction of an instance that was killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(Verification.class);

    private final Terminal terminal;
    private final KafkaConfig kafka;
    private final LedgerTopics topics;
    private final AuditedTopics audited;
    private final LedgerAudit.Scope scope;
    private final ReportOutput output;

    Verification(
            Terminal terminal, KafkaConfig kafka, LedgerTopics topics, LedgerAudit.Scope scope, ReportOutput output) {
        this.terminal = terminal;
        this.kafka = kafka;
        this.topics = topics;
        this.audited = new AuditedTopics(topics.input(), topics.output(), topics.deadLetters(), kafka.applicationId());
        this.scope = scope;
        this.output = output;
    }

    /**
     * Audits once, or until something is wrong or the process is told to end. Whatever keeps it from judging is not
     * {@link ExitCode#FAILED}: that is for a ledger that is wrong.
     *
     * @param served whose balances are compared as well, or null
     * @param end until when to follow the ledger, or null to audit once
     * @throws KafkaUnreachableException if Kafka does not answer
     * @throws ConfigException if a setting is not allowed
     */
    int run(@Nullable ServedBalances served, @Nullable ProcessEnd end) throws InterruptedException {
        try {
            return audit(served, end);
        } catch (TimeoutException e) {
            throw new KafkaUnreachableException("Kafka does not answer any more: " + e.getMessage(), e);
        } catch (KafkaUnreachableException | ConfigException e) {
            throw e;
        } catch (RuntimeException e) {
            log.debug("Not audited", e);
            terminal.err().println("tally: Not audited. " + message(e));
            return ExitCode.USAGE;
        }
    }

    private int audit(@Nullable ServedBalances served, @Nullable ProcessEnd end) throws InterruptedException {
        try (KafkaProbe probe = KafkaProbe.connect(kafka)) {
            probe.requireTopics(List.of(topics.input(), topics.output(), topics.deadLetters(), topics.journal()));
        }
        LedgerSettings ledger = StoredSettings.read(kafka.settings(), topics);
        AuditSettings settings = AuditSettings.of(
                ledger.partitions(),
                ledger.defaultCurrency(),
                ledger.registrationRequired(),
                ledger.currencyTableVersion());
        long startedAt = System.nanoTime();
        try (LedgerAudit audit = new LedgerAudit(kafka.connection(), audited, settings, scope, PATIENCE)) {
            if (end == null) {
                readOnce(audit);
            } else if (!follow(audit, end)) {
                return stopped(audit);
            }
            return judge(audit, served, startedAt);
        }
    }

    private void readOnce(LedgerAudit audit) {
        try (VerifyProgress progress = new VerifyProgress(terminal.err())) {
            audit.read(progress::show);
        }
    }

    /** Whether there is something to report: not when it is told to end while it reads for the first time. */
    private boolean follow(LedgerAudit audit, ProcessEnd end) throws InterruptedException {
        try {
            audit.read((read, of) -> requireTime(end));
        } catch (StoppedException e) {
            return false;
        }
        terminal.out().println(VerifyReport.line(audit.counts(), audit.isClean()));
        while (audit.isClean() && !end.awaited(BETWEEN_ROUNDS)) {
            audit.read((read, of) -> {});
            terminal.out().println(VerifyReport.line(audit.counts(), audit.isClean()));
        }
        return true;
    }

    private static void requireTime(ProcessEnd end) {
        try {
            if (end.awaited(Duration.ZERO)) {
                throw new StoppedException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /** Half read, only what is wrong already can be told. */
    private int stopped(LedgerAudit audit) {
        if (!audit.isClean()) {
            // Others may be reading still: nothing can be counted.
            terminal.out().println("Stopped before everything had been read, and wrong already: VIOLATED");
            return ExitCode.FAILED;
        }
        terminal.err().println("tally: Not audited. It was stopped before everything had been read once.");
        return ExitCode.USAGE;
    }

    private int judge(LedgerAudit audit, @Nullable ServedBalances served, long startedAt) throws InterruptedException {
        RuntimeException refused = null;
        if (served != null) {
            refused = compare(served, audit);
            try {
                served.compareAhead(audit);
            } catch (RuntimeException e) {
                if (audit.isClean()) {
                    throw e;
                }
                return stopped(audit);
            }
        }
        AuditReport report = audit.report();
        if (served != null) {
            report = report.with(served.findings());
        }
        if (refused != null && report.clean()) {
            terminal.err().println("tally: Not audited to the end: the topics agree. " + message(refused));
            return ExitCode.USAGE;
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - startedAt);
        boolean written = output.print(new VerifyReport(audited, report, served, taken));
        if (refused != null) {
            terminal.err().println("tally: Not every balance was compared. " + message(refused));
        }
        return !report.clean() ? ExitCode.FAILED : written ? ExitCode.OK : ExitCode.USAGE;
    }

    /** What keeps the balances from being compared, or null: what the topics have shown stands all the same. */
    private static @Nullable RuntimeException compare(ServedBalances served, LedgerAudit audit)
            throws InterruptedException {
        try {
            served.compare(audit);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** The process is told to end. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
