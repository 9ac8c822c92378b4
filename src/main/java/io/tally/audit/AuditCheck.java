package io.tally.audit;

import io.tally.audit.Result.DeadLetter;
import io.tally.audit.Result.Outcome;
import io.tally.audit.Result.Rerouted;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Compares what was written with what the model says must be written. Pure: it is given the records of each topic in offset
 * order per partition; how the topics interleave does not matter. Input and outcomes of one partition come from one thread,
 * those of others may come from others.
 */
public final class AuditCheck {
    /** One partition of the input and of the outcomes. */
    private record Partition(ReferenceModel model, OutcomeCheck outcomes) {}

    /** A user's account, as the outcomes leave it. */
    public record AccountState(String userId, String currency, BigDecimal balance, long sequence, boolean known) {}

    private final Findings findings;
    private final AuditCounter counter = new AuditCounter();
    private final Map<Integer, Partition> partitions = new HashMap<>();
    private final DeadLetterCheck deadLetters;
    private final CopyCheck copies;
    private final Consumer<Outcome> listener;
    private volatile Cut cut = Cut.at(Map.of());

    /**
     * @param audited which partitions; records of others must not be given, dead letters of others are passed over
     * @param listener hears of every outcome that must be, in order per partition, on the thread that gives the input
     * @param maxFindings how many violations are kept, beside the first of each kind
     */
    public AuditCheck(AuditSettings settings, Set<Integer> audited, Consumer<Outcome> listener, int maxFindings) {
        this.findings = new Findings(maxFindings);
        for (int partition : audited) {
            ReferenceModel model = new ReferenceModel(settings);
            partitions.put(partition, new Partition(model, new OutcomeCheck(model, findings, counter)));
        }
        this.deadLetters = new DeadLetterCheck(findings, counter, audited);
        this.copies = new CopyCheck(findings);
        this.listener = listener;
    }

    /** Sets how far the input goes, before the first record or when everything up to an earlier cut was given. */
    void cut(Cut next) {
        cut = next;
        partitions.values().forEach(partition -> partition.outcomes.cut(next));
    }

    /** The next input record below the cut. */
    void input(LogRecord input) {
        Partition partition = partition(input.position().partition());
        copy(input);
        Result result = partition.model.apply(input);
        counter.input(result);
        if (result instanceof Outcome outcome) {
            listener.accept(outcome);
        } else if (result instanceof DeadLetter letter) {
            deadLetters.expect(letter, input);
        } else if (result instanceof Rerouted rerouted) {
            if (partitions.containsKey(rerouted.partition())) {
                copies.expect(rerouted, input);
            } else {
                deadLetters.elsewhere(input.position());
            }
        }
        partition.outcomes.input(input, result);
    }

    /** An input record at or above the cut: a copy may stand there, and it may be decided meanwhile. */
    void beyond(LogRecord input) {
        copy(input);
        if (cut.mayCover(input.position())) {
            deadLetters.tolerate(input.origin());
        }
    }

    private void copy(LogRecord input) {
        if (input.isCopy() && partitions.containsKey(input.origin().partition())) {
            copies.copy(input);
        }
    }

    void outcome(LogRecord record) {
        partition(record.position().partition()).outcomes.written(record);
    }

    void deadLetter(LogRecord record) {
        deadLetters.written(record);
    }

    /** All input of a partition below the cut was given. */
    void inputEnds(int partition) {
        partition(partition).outcomes.inputEnds(partition);
    }

    /** All outcomes of a partition were given that are compared with the input below the cut. */
    void outcomesEnd(int partition) {
        partition(partition).outcomes.outcomesEnd();
    }

    private Partition partition(int number) {
        Partition partition = partitions.get(number);
        if (partition == null) {
            throw new IllegalArgumentException(
                    "Expected one of partitions " + partitions.keySet() + ", but got " + number);
        }
        return partition;
    }

    int expectedBacklog(int partition) {
        return partition(partition).outcomes.expectedBacklog();
    }

    int writtenBacklog(int partition) {
        return partition(partition).outcomes.writtenBacklog();
    }

    int deadLetterBacklog() {
        return deadLetters.writtenBacklog();
    }

    /** Whether something awaits what may stand beyond the cut. */
    boolean isUnsettled() {
        return copies.isUnsettled() || deadLetters.isUnsettled();
    }

    /** Everything up to the cut was given: judges what did not find its counterpart. */
    void settle() {
        partitions.forEach((number, partition) -> partition.outcomes.settle(number));
        deadLetters.settle(cut);
        copies.settle();
    }

    /** Whether nothing wrong was found so far. */
    public boolean isClean() {
        return findings.isEmpty();
    }

    AuditCounts counts() {
        return counter.counts(partitions.values().stream()
                .mapToLong(partition -> partition.model.userCount())
                .sum());
    }

    /** Judges everything and sums up; nothing can be given afterwards. */
    AuditReport report() {
        settle();
        partitions.values().forEach(partition -> partition.outcomes.finish());
        Map<String, BigDecimal> totals = new TreeMap<>();
        accounts(account -> totals.merge(account.currency(), account.balance(), BigDecimal::add));
        return new AuditReport(cut.before(), counts(), totals, findings.violations(), findings.list());
    }

    /** Visits every account that something was decided for. */
    public void accounts(Consumer<AccountState> visitor) {
        for (Partition partition : partitions.values()) {
            partition.model.accounts((user, account) -> {
                if (account.sequence > 0) {
                    visitor.accept(new AccountState(
                            user,
                            account.currency,
                            account.decimal(account.balance),
                            account.sequence,
                            partition.model.known(user)));
                }
            });
        }
    }
}
