package io.tally.webhook;

import io.tally.wire.webhook.Attempt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt.
 *
 * @param retryAfter how long a 429 or 503 asked to wait, at most 24 h; null when it did not
 */
record AttemptResult(Attempt attempt, @Nullable Duration retryAfter) {
    private static final int GONE = 410;

    /** Whether the endpoint said that it shall not be told anything any more. */
    boolean isGone() {
        return attempt.status() == GONE;
    }
}
