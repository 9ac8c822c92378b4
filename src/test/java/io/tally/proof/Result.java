package io.tally.proof;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must become of an input record. */
public sealed interface Result {
    /**
     * It is decided: this stands in the output, once.
     *
     * @param currency the account's, sent or filled in
     * @param effectiveAt milliseconds since 1970 UTC
     * @param reason null when it was accepted
     * @param delta with the currency's digits, as is the balance after it
     */
    record Outcome(
            Parsed.Request request,
            Position source,
            long recordedAt,
            long effectiveAt,
            String currency,
            @Nullable String reason,
            BigDecimal delta,
            BigDecimal balance,
            long sequence)
            implements Result {

        public boolean accepted() {
            return reason == null;
        }

        /** The outcome's JSON, as a map; whole numbers are longs. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("uid", request.uid().toString());
            fields.put("user_id", request.userId());
            fields.put("type", request.type());
            if (request.amount() != null) {
                fields.put("amount", request.amount().setScale(delta.scale()).toPlainString());
            }
            fields.put("currency", currency);
            fields.put("delta", delta.toPlainString());
            fields.put("status", accepted() ? "ACCEPTED" : "REJECTED");
            if (reason != null) {
                fields.put("reason", reason);
            }
            fields.put("balance", balance.toPlainString());
            fields.put("sequence", sequence);
            fields.put("timestamp", EffectiveTime.format(effectiveAt));
            fields.put("recorded_at", EffectiveTime.format(recordedAt));
            fields.put("source", Map.of("partition", (long) source.partition(), "offset", source.offset()));
            return fields;
        }

        /** The CloudEvents headers whose values the contract fixes. */
        public Map<String, String> headers() {
            String event = !accepted()
                    ? "tally.transaction.rejected.v1"
                    : request.type().equals("OPEN") ? "tally.user.opened.v1" : "tally.transaction.accepted.v1";
            return Map.of(
                    "ce_source",
                    "/tally",
                    "ce_type",
                    event,
                    "ce_time",
                    EffectiveTime.format(recordedAt),
                    "ce_subject",
                    request.userId());
        }
    }

    /** It is the same request again: nothing. */
    record Repeat(Outcome first) implements Result {}

    /**
     * It stands in the dead letters, once.
     *
     * @param certain whether the contract leaves no other code
     * @param field for a conflict the field that differs
     * @param origin where the dead letter says that it came from
     */
    record DeadLetter(
            String code, boolean certain, @Nullable String field, Position origin) implements Result {}

    /** It stands in the wrong partition: a copy of it is appended to this one, once. */
    record Rerouted(int partition, String userId) implements Result {}
}
