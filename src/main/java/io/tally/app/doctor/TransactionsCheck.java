package io.tally.app.doctor;

import io.tally.stream.HangingTransactions;
import io.tally.stream.HangingTransactions.Hanging;
import io.tally.stream.StartRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Transactions that partitions have open for ever. */
public final class TransactionsCheck {
    private static final String SUBJECT = "left open";

    /** The longest that brokers let a transaction be, by default: others' may live so long, and this client not be told of them. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final HangingTransactions transactions;

    public TransactionsCheck(Admin admin) {
        this.transactions = new HangingTransactions(admin);
    }

    /** What was found in these topics; those that do not exist are left out. */
    public List<Finding> findings(Collection<String> topics) {
        List<Hanging> found;
        try {
            found = transactions.in(topics);
        } catch (StartRefusedException e) {
            return List.of(Finding.warning(
                    SUBJECT, String.valueOf(e.getMessage()), "Ask again when all partitions have leaders."));
        }
        List<Finding> findings = found.stream()
                .filter(hanging -> hanging.transactionalId() != null || isOld(hanging))
                .map(TransactionsCheck::finding)
                .toList();
        return findings.isEmpty()
                ? List.of(Finding.ok(SUBJECT, "no transaction that nobody will end, as far as this client is told"))
                : findings;
    }

    private static boolean isOld(Hanging hanging) {
        return hanging.lastWritten().isBefore(Instant.now().minus(LONGEST));
    }

    private static Finding finding(Hanging hanging) {
        String where = hanging.partition() + " stands still at offset " + hanging.startOffset();
        if (hanging.transactionalId() == null) {
            return Finding.warning(
                    SUBJECT,
                    where + ": no coordinator tells this client of the transaction of producer id "
                            + hanging.producerId(),
                    "If it does not end, have an administrator look for it: docs/OPERATIONS.md, Transactions that Kafka"
                            + " leaves open.");
        }
        return Finding.problem(
                SUBJECT,
                where + ": a transaction of " + hanging.transactionalId() + " (producer id " + hanging.producerId()
                        + ") has ended, but is open there",
                "Stop Tally. Do not abort it before you know how it ended: docs/OPERATIONS.md, Transactions that Kafka"
                        + " leaves open.");
    }
}
