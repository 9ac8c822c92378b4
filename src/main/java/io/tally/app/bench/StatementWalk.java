package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.app.load.Hundredths;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the page of a statement from some date on, then for the one behind it, and so on. Each entry must follow upon what
 * the account had before it. For one connection.
 */
final class StatementWalk implements Supplier<Attempt> {
    static final int LIMIT = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpTarget target;
    private final String path;
    private final Supplier<Instant> dates;
    private final LongUnaryOperator balances;
    private @Nullable Page following;

    /**
     * Makes a walk.
     *
     * @param dates where to begin
     * @param balances what the account has at a time in milliseconds since 1970, in hundredths
     */
    StatementWalk(HttpTarget target, String path, Supplier<Instant> dates, LongUnaryOperator balances) {
        this.target = target;
        this.path = path;
        this.dates = dates;
        this.balances = balances;
    }

    @Override
    public Attempt get() {
        Page next = following;
        following = null;
        if (next != null) {
            return next;
        }
        Instant from = dates.get();
        return new Page("from=" + from, from, balances.applyAsLong(from.toEpochMilli() - 1), false);
    }

    /** One page, which is full unless the statement ends there. */
    private final class Page implements Attempt {
        private final byte[] request;
        private final boolean last;
        private Instant at;
        private long balance;

        /**
         * Makes a page.
         *
         * @param at no entry is before it
         * @param balance of all entries before the page, in hundredths
         * @param last whether the walk ends with it
         */
        Page(String where, Instant at, long balance, boolean last) {
            this.request = target.get(path + "?limit=" + LIMIT + "&" + where);
            this.at = at;
            this.balance = balance;
            this.last = last;
        }

        @Override
        public byte[] request() {
            return request;
        }

        @Override
        public @Nullable String fault(HttpAnswer answer) {
            if (answer.status() != 200) {
                return Integer.toString(answer.status());
            }
            try {
                JsonNode page = JSON.readTree(answer.body());
                String next = page.path("next_cursor").textValue();
                boolean isWhole = next == null || page.path("items").size() == LIMIT;
                if (!isWhole || !follows(page.path("items")) || next == null && !isEnd()) {
                    return "another page";
                }
                following = next == null || last ? null : new Page("cursor=" + next, at, balance, true);
                return null;
            } catch (IOException e) {
                return "200 without JSON";
            }
        }

        private boolean follows(JsonNode items) {
            for (JsonNode item : items) {
                Instant time = Instant.parse(item.path("timestamp").asText());
                // Of those at the same time, any may come first.
                boolean follows =
                        time.equals(at) || time.isAfter(at) && balance == balances.applyAsLong(time.toEpochMilli() - 1);
                if (!follows) {
                    return false;
                }
                at = time;
                balance += Hundredths.of(item.path("delta").asText());
            }
            return true;
        }

        private boolean isEnd() {
            return balance == balances.applyAsLong(Long.MAX_VALUE);
        }

        @Override
        public void unanswered() {}
    }
}
