package io.tally.proof;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tally.proof.AuditCheck.Cut;
import io.tally.proof.AuditReport.Kind;
import io.tally.proof.Result.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks the outcomes: against the model, and by themselves as a consumer would who sums up deltas. */
final class OutcomeCheck {
    private static final class Expected {
        private final Result result;
        private boolean met;

        private Expected(Result result) {
            this.result = result;
        }
    }

    /** What a consumer knows of an account who has read the outcomes so far. */
    private static final class Sum {
        private BigDecimal balance = BigDecimal.ZERO;
        private long sequence;
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .build();
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    private final ReferenceModel model;
    private final Cut cut;
    private final Findings findings;
    private final Map<Position, Expected> expectedBySource = new HashMap<>();
    private final Map<Integer, Long> lastSourceOffset = new HashMap<>();
    private final Map<String, Map<String, Sum>> sumsByUser = new HashMap<>();

    OutcomeCheck(ReferenceModel model, Cut cut, Findings findings) {
        this.model = model;
        this.cut = cut;
        this.findings = findings;
    }

    void expect(Position source, Result result) {
        expectedBySource.put(source, new Expected(result));
    }

    void check(OutputRecord record) {
        Map<String, Object> fields = fields(record);
        Position source = fields == null ? null : source(fields);
        if (fields == null || source == null) {
            findings.violated(Kind.CONTENT, () -> "Expected an outcome with a source, but got " + record);
            return;
        }
        if (!cut.covers(source) && cut.mayCover(source)) {
            findings.count("outcomes beyond the cut");
            return;
        }
        findings.count("outcomes");
        checkOrder(source, record);
        checkUniqueness(fields, source, record);
        Expected expected = expectedBySource.get(source);
        if (expected == null || !(expected.result instanceof Outcome outcome)) {
            findings.violated(
                    Kind.UNEXPECTED_OUTCOME,
                    () -> record + " for input that is "
                            + (expected == null ? "not committed" : expected.result.toString()));
        } else {
            expected.met = true;
            checkContent(outcome, fields, record);
        }
        checkSum(fields, record);
    }

    void finish() {
        expectedBySource.forEach((source, expected) -> {
            if (expected.result instanceof Outcome outcome && !expected.met) {
                findings.violated(Kind.MISSING_OUTCOME, () -> "input " + source + ", " + outcome.fields());
            }
        });
        for (String user : model.users()) {
            model.balances(user).forEach((currency, balance) -> {
                BigDecimal sum = sum(user, currency).balance;
                if (sum.compareTo(balance) != 0) {
                    findings.violated(
                            Kind.SUM_OF_DELTAS,
                            () -> "user " + user + ": expected " + balance + " " + currency + ", but got " + sum);
                }
            });
        }
    }

    private void checkOrder(Position source, OutputRecord record) {
        Long before = lastSourceOffset.put(record.partition(), source.offset());
        if (source.partition() != record.partition() || before != null && before > source.offset()) {
            findings.violated(Kind.OUT_OF_ORDER, () -> record + " after the one of input offset " + before);
        }
    }

    /** Both ways: no input has two outcomes, and no (user, uid) has one beside that of its first input. */
    private void checkUniqueness(Map<String, Object> fields, Position source, OutputRecord record) {
        Expected expected = expectedBySource.get(source);
        Outcome ofUid = outcomeOfUid(fields);
        boolean uidMetElsewhere =
                ofUid != null && !ofUid.source().equals(source) && expectedBySource.get(ofUid.source()).met;
        if (expected != null && expected.met || uidMetElsewhere) {
            findings.violated(Kind.DOUBLED_OUTCOME, record::toString);
        }
    }

    private @Nullable Outcome outcomeOfUid(Map<String, Object> fields) {
        try {
            return model.outcome(
                    String.valueOf(fields.get("user_id")), UUID.fromString(String.valueOf(fields.get("uid"))));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void checkContent(Outcome outcome, Map<String, Object> fields, OutputRecord record) {
        byte[] key = outcome.request().userId().getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(key, record.key())) {
            findings.violated(Kind.CONTENT, () -> "another key than the user in " + record);
        }
        Map<String, Object> expected = outcome.fields();
        if (!fields.equals(expected)) {
            findings.violated(Kind.CONTENT, () -> difference(expected, fields) + " in " + record);
        }
        outcome.headers().forEach((name, value) -> {
            if (!value.equals(record.headers().get(name))) {
                findings.violated(Kind.HEADERS, () -> "expected " + name + ": " + value + " in " + record);
            }
        });
    }

    private void checkSum(Map<String, Object> fields, OutputRecord record) {
        BigDecimal delta = decimal(fields.get("delta"));
        BigDecimal balance = decimal(fields.get("balance"));
        if (delta == null || balance == null || !(fields.get("sequence") instanceof Long sequence)) {
            findings.violated(Kind.CONTENT, () -> "Expected delta, balance and sequence, but got " + record);
            return;
        }
        Sum sum = sum(String.valueOf(fields.get("user_id")), String.valueOf(fields.get("currency")));
        BigDecimal after = sum.balance.add(delta);
        if (after.signum() < 0 || balance.signum() < 0) {
            findings.violated(Kind.NEGATIVE_BALANCE, () -> "sum of deltas " + after + " at " + record);
        }
        if (after.compareTo(balance) != 0) {
            findings.violated(Kind.SUM_OF_DELTAS, () -> "sum of deltas " + after + " at " + record);
        }
        long expected = sum.sequence + 1;
        if (sequence != expected) {
            findings.violated(Kind.SEQUENCE_GAP, () -> "expected sequence " + expected + " at " + record);
        }
        sum.balance = after;
        sum.sequence = sequence;
    }

    private Sum sum(String user, String currency) {
        return sumsByUser.computeIfAbsent(user, id -> new HashMap<>()).computeIfAbsent(currency, code -> new Sum());
    }

    private static @Nullable Map<String, Object> fields(OutputRecord record) {
        try {
            Map<String, Object> fields = record.value() == null ? null : JSON.readValue(record.value(), FIELDS);
            if (fields != null) {
                fields.values().removeIf(Objects::isNull);
            }
            return fields;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Position source(Map<String, Object> fields) {
        return fields.get("source") instanceof Map<?, ?> source
                        && source.get("partition") instanceof Long partition
                        && source.get("offset") instanceof Long offset
                ? new Position(partition.intValue(), offset)
                : null;
    }

    private static @Nullable BigDecimal decimal(@Nullable Object field) {
        try {
            return field instanceof String text ? new BigDecimal(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String difference(Map<String, Object> expected, Map<String, Object> actual) {
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(actual.keySet());
        names.removeIf(name -> Objects.equals(expected.get(name), actual.get(name)));
        String name = names.first();
        return name + " is " + actual.get(name) + " instead of " + expected.get(name);
    }
}
