package io.tally.audit;

import io.tally.audit.Parsed.Request;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must become of an input record. */
public sealed interface Result {
    /**
     * It is decided: this stands in the output, once.
     *
     * @param currency the account's, sent or filled in
     * @param digits of the currency after the point
     * @param effectiveAt milliseconds since 1970 UTC
     * @param reason null when it was accepted
     * @param delta in minor units, as is the balance after it
     */
    record Outcome(
            Request request,
            Position source,
            long recordedAt,
            long effectiveAt,
            String currency,
            int digits,
            @Nullable String reason,
            long delta,
            long balance,
            long sequence)
            implements Result {
        /** Of the event ids, which are UUIDs version 5 of the user, a zero byte and the uid. */
        private static final UUID NAMESPACE = UUID.fromString("6f2a3b0e-9c41-4d7c-8e55-1d0b7a94c2f3");

        public boolean accepted() {
            return reason == null;
        }

        /** Minor units as the outcome writes them. */
        String decimal(long minorUnits) {
            return BigDecimal.valueOf(minorUnits, digits).toPlainString();
        }

        /** The outcome's JSON, as a map in the order in which it is written; whole numbers are longs. */
        public Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("uid", request.uid().toString());
            fields.put("user_id", request.userId());
            fields.put("type", request.type());
            if (request.amount() != 0) {
                long power = BigDecimal.ONE
                        .movePointRight(AuditSettings.MOST_DIGITS - digits)
                        .longValue();
                fields.put("amount", decimal(Long.divideUnsigned(request.amount(), power)));
            }
            fields.put("currency", currency);
            fields.put("delta", decimal(delta));
            fields.put("status", accepted() ? "ACCEPTED" : "REJECTED");
            if (reason != null) {
                fields.put("reason", reason);
            }
            fields.put("balance", decimal(balance));
            fields.put("sequence", sequence);
            fields.put("timestamp", EffectiveTime.format(effectiveAt));
            fields.put("recorded_at", EffectiveTime.format(recordedAt));
            Map<String, Long> place = new LinkedHashMap<>();
            place.put("partition", (long) source.partition());
            place.put("offset", source.offset());
            fields.put("source", place);
            return fields;
        }

        /** The outcome's JSON as a ledger writes it: no value needs escaping. */
        String json() {
            return json(fields());
        }

        private static String json(Map<?, ?> fields) {
            StringBuilder text = new StringBuilder(480);
            fields.forEach((name, value) -> {
                text.append(text.length() == 0 ? "{\"" : ",\"").append(name).append("\":");
                if (value instanceof String) {
                    text.append('"').append(value).append('"');
                } else {
                    text.append(value instanceof Map<?, ?> inner ? json(inner) : value);
                }
            });
            return text.append('}').toString();
        }

        /** The CloudEvents headers. */
        public Map<String, String> headers() {
            String event = !accepted()
                    ? "tally.transaction.rejected.v1"
                    : request.type().equals("OPEN") ? "tally.user.opened.v1" : "tally.transaction.accepted.v1";
            return Map.of(
                    "ce_specversion",
                    "1.0",
                    "ce_id",
                    eventId().toString(),
                    "ce_source",
                    "/tally",
                    "ce_type",
                    event,
                    "ce_time",
                    EffectiveTime.format(recordedAt),
                    "ce_subject",
                    request.userId(),
                    "ce_dataschema",
                    "urn:tally:schema:outcome:v1",
                    "content-type",
                    "application/json");
        }

        private UUID eventId() {
            try {
                MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
                sha1.update(ByteBuffer.allocate(16)
                        .putLong(NAMESPACE.getMostSignificantBits())
                        .putLong(NAMESPACE.getLeastSignificantBits())
                        .flip());
                String name = request.userId() + "\0" + request.uid();
                ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
                return new UUID(
                        hash.getLong() & 0xffff_ffff_ffff_0fffL | 0x5000L,
                        hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Expected SHA-1 in every Java, but it is not there", e);
            }
        }
    }

    /** It is the same request again: nothing. */
    record Repeat() implements Result {}

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
