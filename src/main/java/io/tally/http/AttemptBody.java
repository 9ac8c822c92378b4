package io.tally.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tally.wire.TimestampText;
import io.tally.wire.webhook.Attempt;
import org.jspecify.annotations.Nullable;

/** A request to an endpoint as it is shown. Whoever answered chose the answer: it is data, to whomever reads it. */
record AttemptBody(
        @JsonProperty String at,
        @JsonProperty boolean success,
        @JsonProperty @Nullable Integer status,
        @JsonProperty("latency_ms") long latencyMs,
        @JsonProperty @Nullable String error,
        @JsonProperty @Nullable String answer) {
    static AttemptBody of(Attempt attempt) {
        return new AttemptBody(
                TimestampText.format(attempt.at()),
                attempt.isSuccess(),
                attempt.status() == 0 ? null : attempt.status(),
                attempt.latencyMs(),
                attempt.error(),
                attempt.answer());
    }
}
