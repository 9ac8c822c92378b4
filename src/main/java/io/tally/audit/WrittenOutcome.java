package io.tally.audit;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tally.audit.Result.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An outcome that is not byte by byte what was expected, taken apart. */
record WrittenOutcome(Map<String, Object> fields, Position source) {
    /** What a consumer adds up, in minor units. */
    record Sums(long delta, long balance, long sequence) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_LONG_FOR_INTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,20}(?:\\.[0-9]{1,20})?");
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    /** Null when it is no JSON object that names its source. */
    static @Nullable WrittenOutcome of(LogRecord record) {
        byte[] value = record.value();
        try {
            Map<String, Object> fields = value == null ? null : JSON.readValue(value, FIELDS);
            return fields != null
                            && fields.get("source") instanceof Map<?, ?> source
                            && source.get("partition") instanceof Long partition
                            && source.get("offset") instanceof Long offset
                    ? new WrittenOutcome(fields, new Position(partition.intValue(), offset))
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    String text(String field) {
        return String.valueOf(fields.get(field));
    }

    boolean isOf(Outcome outcome) {
        return text("uid").equals(outcome.request().uid().toString())
                && text("user_id").equals(outcome.request().userId());
    }

    /** The first field that differs, or null. */
    @Nullable
    String firstDifference(Outcome outcome) {
        Map<String, Object> expected = outcome.fields();
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(fields.keySet());
        for (String name : names) {
            if (!Objects.equals(expected.get(name), fields.get(name))) {
                return name + " is " + fields.get(name) + " instead of " + expected.get(name);
            }
        }
        return null;
    }

    /** Null when they are not numbers of a currency with so many digits. */
    @Nullable
    Sums sums(int digits) {
        try {
            return fields.get("sequence") instanceof Long sequence
                    ? new Sums(minorUnits("delta", digits), minorUnits("balance", digits), sequence)
                    : null;
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    private long minorUnits(String field, int digits) {
        String text = text(field);
        if (!PLAIN.matcher(text).matches()) {
            throw new NumberFormatException("Expected a plain decimal, but got another text");
        }
        return new BigDecimal(text).movePointRight(digits).longValueExact();
    }
}
