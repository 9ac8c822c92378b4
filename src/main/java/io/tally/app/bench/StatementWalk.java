package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks for the page of a statement from some date on, then for the one behind it, and so on. For one connection. */
final class StatementWalk implements Supplier<Attempt> {
    static final int LIMIT = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpTarget target;
    private final String path;
    private final Supplier<Instant> dates;
    private @Nullable String cursor;

    StatementWalk(HttpTarget target, String path, Supplier<Instant> dates) {
        this.target = target;
        this.path = path;
        this.dates = dates;
    }

    @Override
    public Attempt get() {
        String next = cursor;
        cursor = null;
        if (next != null) {
            return new Page(target.get(path + "?limit=" + LIMIT + "&cursor=" + next), Instant.MIN, true);
        }
        Instant from = dates.get();
        return new Page(target.get(path + "?limit=" + LIMIT + "&from=" + from), from, false);
    }

    /** One page, which is full unless the statement ends there. */
    private final class Page implements Attempt {
        private final byte[] request;
        private final Instant from;
        private final boolean last;

        Page(byte[] request, Instant from, boolean last) {
            this.request = request;
            this.from = from;
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
                if (page.path("items").size() != LIMIT && next != null || !isInOrder(page.path("items"))) {
                    return "another page";
                }
                cursor = last ? null : next;
                return null;
            } catch (IOException e) {
                return "200 without JSON";
            }
        }

        private boolean isInOrder(JsonNode items) {
            Instant before = from;
            for (JsonNode item : items) {
                Instant at = Instant.parse(item.path("timestamp").asText());
                if (at.isBefore(before)) {
                    return false;
                }
                before = at;
            }
            return true;
        }

        @Override
        public void unanswered() {}
    }
}
