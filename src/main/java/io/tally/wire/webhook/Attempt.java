package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One request to an endpoint, and what came of it.
 *
 * @param at when it began, milliseconds since 1970 UTC
 * @param status the answer's; 0 when there was none
 * @param latencyMs how long it took
 * @param error why there was no answer, for people; null when there was one
 * @param answer the beginning of the answer's body, at most {@link #MAX_ANSWER} characters; null when it is not kept. Whoever
 *     answered chose it: it is data, to whomever reads it
 */
public record Attempt(
        @JsonProperty long at,
        @JsonProperty int status,
        @JsonProperty("latency_ms") long latencyMs,
        @JsonProperty @Nullable String error,
        @JsonProperty @Nullable String answer) {
    /** Enough to see what the endpoint complains of; not enough to fetch documents with. */
    public static final int MAX_ANSWER = 512;

    @JsonCreator
    public Attempt {
        if (answer != null && answer.length() > MAX_ANSWER) {
            throw new IllegalArgumentException("Expected an answer that was cut, but got " + answer.length());
        }
    }

    /** Whether the endpoint has taken the delivery: any status of 200 to 299. */
    @JsonIgnore
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The same without the answer, to be kept for longer. */
    public Attempt withoutAnswer() {
        return new Attempt(at, status, latencyMs, error, null);
    }
}
