package io.tally.http;

import io.javalin.http.Context;
import io.tally.wire.TimestampText;
import io.tally.wire.UserId;
import org.jspecify.annotations.Nullable;

/** Reads parameters, refusing those that are not valid. */
final class Parameters {
    private Parameters() {}

    static String userId(Context ctx) {
        String userId = ctx.pathParam("id");
        if (!UserId.isValid(userId)) {
            throw invalid("id", "Expected 1 to 64 characters of A-Z a-z 0-9 . _ : - that start with a letter or digit");
        }
        return userId;
    }

    /** Milliseconds since 1970 UTC, or null when no date was sent. */
    static @Nullable Long date(Context ctx) {
        String date = ctx.queryParam("date");
        if (date == null) {
            return null;
        }
        long millis = TimestampText.parse(date);
        if (millis == TimestampText.INVALID) {
            throw invalid(
                    "date",
                    "Expected an ISO 8601 date or time of the years 1970 to 9999, such as 2026-01-31T10:00:00Z");
        }
        return millis;
    }

    static RequestRefusedException invalid(String parameter, String detail) {
        return new RequestRefusedException(Problem.of(
                ProblemCode.INVALID_PARAMETER, parameter + ": " + detail, new Problem.FieldError(parameter, detail)));
    }
}
