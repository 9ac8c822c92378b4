package io.tally.audit;

import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.Result.Outcome;
import io.tally.audit.WrittenOutcome.Sums;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Merges one partition's expected outcomes with those that were written. Both come in input order, so the next one of each
 * must be the same; where they are not, the place in the input that an outcome names says which side is behind. By
 * themselves, the outcomes are added up as a consumer would who sums up deltas.
 */
final class OutcomeCheck {
    /** What the ledger must write, and for which input. */
    private record Expected(Outcome outcome, byte[] json, LogRecord input) {
        long offset() {
            return outcome.source().offset();
        }
    }

    /** Outcomes that were passed over and may yet come, out of order; of more, the first count as missing. */
    private static final int MOST_SKIPPED = 1_000;

    private static final String ACCOUNTS = "the accounts";

    private final ReferenceModel model;
    private final Findings findings;
    private final AuditCounter counter;
    private final Deque<Expected> expected = new ArrayDeque<>();
    private final Deque<LogRecord> written = new ArrayDeque<>();
    private final TreeMap<Long, Expected> skipped = new TreeMap<>();
    private Cut cut = Cut.at(Map.of());
    private long reached;
    private boolean outcomesEnded;

    OutcomeCheck(ReferenceModel model, Findings findings, AuditCounter counter) {
        this.model = model;
        this.findings = findings;
        this.counter = counter;
    }

    void cut(Cut next) {
        cut = next;
        outcomesEnded = false;
    }

    /** How many outcomes are expected that did not come yet; more than 0 only while none that was written waits. */
    int expectedBacklog() {
        return expected.size();
    }

    /** How many outcomes wait for their input. */
    int writtenBacklog() {
        return written.size();
    }

    /** The input's next record and what must become of it. */
    void input(LogRecord input, Result result) {
        if (result instanceof Outcome outcome) {
            expected.add(new Expected(outcome, outcome.json().getBytes(StandardCharsets.ISO_8859_1), input));
        }
        reached = input.position().offset() + 1;
        match();
        giveUp();
    }

    /** No more outcomes come before the next cut: what is missing is said at once, or it would pile up with all the input. */
    void outcomesEnd() {
        outcomesEnded = true;
        giveUp();
    }

    private void giveUp() {
        if (outcomesEnded && written.isEmpty()) {
            missing();
        }
    }

    /**
     * No more input comes before the next cut, though its last offsets may be of none that anybody reads, as the markers of
     * transactions are: an outcome that names one of them waits for nothing.
     */
    void inputEnds(int partition) {
        reached = Math.max(reached, cut.before().getOrDefault(partition, 0L));
        match();
    }

    void written(LogRecord record) {
        written.add(record);
        match();
    }

    private void match() {
        while (!written.isEmpty()) {
            LogRecord record = written.element();
            Expected head = expected.peek();
            if (head == null || !Arrays.equals(head.json, record.value())) {
                WrittenOutcome outcome = WrittenOutcome.of(record);
                if (outcome != null && isAhead(outcome, record, head)) {
                    if (head == null) {
                        return;
                    }
                    skip(expected.remove());
                    continue;
                }
                place(outcome, record, head);
            } else {
                Outcome outcome = expected.remove().outcome;
                checkEnvelope(head, record);
                sum(
                        model.account(outcome.request().userId(), outcome.currency()),
                        new Sums(outcome.delta(), outcome.balance(), outcome.sequence()),
                        record);
            }
            counter.outcome();
            written.remove();
        }
    }

    /** Whether an outcome belongs to a later input than the next that is expected, or than was read. */
    private boolean isAhead(WrittenOutcome outcome, LogRecord record, @Nullable Expected head) {
        Position source = outcome.source();
        return source.partition() == record.position().partition()
                && cut.mayCover(source)
                && (head == null
                        ? source.offset() >= reached
                        : source.offset() > head.offset() && !outcome.isOf(head.outcome));
    }

    private void skip(Expected one) {
        skipped.put(one.offset(), one);
        if (skipped.size() > MOST_SKIPPED) {
            missing(skipped.pollFirstEntry().getValue());
        }
    }

    /** Says what a record is that is not simply the next one. */
    private void place(@Nullable WrittenOutcome outcome, LogRecord record, @Nullable Expected head) {
        if (outcome == null) {
            findings.violated(Kind.CONTENT, record, "an outcome with source, delta, balance and sequence");
            return;
        }
        Position source = outcome.source();
        if (head != null && (source.equals(head.outcome.source()) || outcome.isOf(head.outcome))) {
            expected.remove();
            compare(head, outcome, record);
        } else if (source.partition() != record.position().partition()) {
            findings.violated(Kind.OUT_OF_ORDER, record, "outcomes of this partition's input only");
        } else if (!cut.mayCover(source)) {
            findings.violated(Kind.UNEXPECTED_OUTCOME, record, "outcomes of committed input only");
        } else {
            Expected late = skipped.remove(source.offset());
            if (late != null) {
                findings.violated(Kind.OUT_OF_ORDER, record, "it before the outcomes of later input");
                compare(late, outcome, record);
            } else if (model.isDecided(outcome.text("user_id"), outcome.text("uid"))) {
                findings.violated(Kind.DOUBLED_OUTCOME, record, "one outcome per user and uid");
            } else {
                findings.violated(
                        Kind.UNEXPECTED_OUTCOME, record, "no outcome: the input of its source is none to decide");
            }
        }
        Account account = model.account(outcome.text("user_id"), outcome.text("currency"));
        Sums sums = account == null ? null : outcome.sums(account.digits);
        if (sums == null) {
            findings.violated(Kind.CONTENT, record, "amounts of a currency that there is");
        }
        sum(account, sums, record);
    }

    private void compare(Expected one, WrittenOutcome outcome, LogRecord record) {
        String difference = outcome.firstDifference(one.outcome);
        if (difference != null) {
            findings.violated(new Finding(
                    Kind.CONTENT, record.topic(), record.position(), one.outcome.json(), difference + " in " + record));
        }
        checkEnvelope(one, record);
    }

    private void checkEnvelope(Expected one, LogRecord record) {
        if (!Arrays.equals(one.outcome.request().userId().getBytes(StandardCharsets.ISO_8859_1), record.key())) {
            findings.violated(Kind.CONTENT, record, "the user as key");
        }
        Map<String, String> headers = new HashMap<>(one.outcome.headers());
        for (Header header : record.headers()) {
            String value = headers.remove(header.key());
            if (value == null ? !isTrace(header, one.input) : !isText(header.value(), value)) {
                findings.violated(
                        Kind.HEADERS,
                        record,
                        value == null ? "no header " + header.key() : header.key() + ": " + value);
            }
        }
        if (!headers.isEmpty()) {
            findings.violated(Kind.HEADERS, record, "the headers " + headers);
        }
    }

    /** Of the input's headers these two may travel on, as they are. */
    private static boolean isTrace(Header header, LogRecord input) {
        Header sent = input.headers().lastHeader(header.key());
        return (header.key().equals("traceparent") || header.key().equals("tracestate"))
                && sent != null
                && Arrays.equals(sent.value(), header.value());
    }

    private static boolean isText(byte @Nullable [] value, String text) {
        return value != null && Arrays.equals(value, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void sum(@Nullable Account account, @Nullable Sums sums, LogRecord record) {
        if (account == null || sums == null) {
            return;
        }
        long after = account.seenBalance + sums.delta();
        if (after < 0 || sums.balance() < 0) {
            findings.violated(Kind.NEGATIVE_BALANCE, record, "deltas that never add up to less than zero");
        }
        if (after != sums.balance()) {
            findings.violated(Kind.SUM_OF_DELTAS, record, "the sum of deltas, " + after + " minor units, as balance");
        }
        if (sums.sequence() != account.seenSequence + 1) {
            findings.violated(Kind.SEQUENCE_GAP, record, "sequence " + (account.seenSequence + 1));
        }
        account.seenBalance = after;
        account.seenSequence = sums.sequence();
    }

    /** Everything was read: what is still expected will not come, and what waits for input below the cut has none. */
    void settle(int partition) {
        inputEnds(partition);
        missing();
    }

    private void missing() {
        skipped.values().forEach(this::missing);
        skipped.clear();
        expected.forEach(this::missing);
        expected.clear();
    }

    private void missing(Expected one) {
        findings.violated(new Finding(
                Kind.MISSING_OUTCOME,
                one.input.topic(),
                one.outcome.source(),
                one.outcome.json(),
                "no outcome of this input"));
    }

    /** Nothing more will be read. */
    void finish() {
        written.forEach(record -> counter.outcomeBeyondCut());
        model.accounts((user, account) -> {
            if (account.balance != account.seenBalance) {
                findings.violated(new Finding(
                        Kind.SUM_OF_DELTAS,
                        ACCOUNTS,
                        null,
                        account.decimal(account.balance) + " " + account.currency + " for user " + user,
                        "deltas that add up to " + account.decimal(account.seenBalance)));
            }
        });
    }
}
