package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it.
 *
 * @param type stable, {@code urn:tally:problem:} and the code
 * @param title what the code means
 * @param status the HTTP status
 * @param code stable, for programs
 * @param detail what was wrong this time and what to do
 * @param errors the fields that are wrong, if it is about fields
 * @param outcome the outcome's JSON, if it is about a command that was rejected
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
        String type,
        String title,
        int status,
        String code,
        String detail,
        List<FieldError> errors,
        @JsonRawValue @Nullable String outcome) {

    /**
     * What is wrong with one field.
     *
     * @param pointer RFC 6901 into the body, or the parameter's name
     * @param detail what is wrong with it
     */
    record FieldError(String pointer, String detail) {}

    static Problem of(ProblemCode code, String detail, FieldError... errors) {
        return of(code, detail, List.of(errors));
    }

    static Problem of(ProblemCode code, String detail, List<FieldError> errors) {
        return new Problem(
                "urn:tally:problem:" + code.code(), code.title(), code.status(), code.code(), detail, errors, null);
    }

    /** Nobody can answer now, and nothing was done. */
    static Problem unavailable(String reason) {
        return of(ProblemCode.UNAVAILABLE, reason + "; nothing was written, try again in a second");
    }

    /** Whether a command was written is not known. */
    static Problem outcomeUnknown(String reason) {
        return of(
                ProblemCode.OUTCOME_UNKNOWN,
                reason + "; send the same request again, with the same uid or Idempotency-Key");
    }

    /** The same problem with the outcome that it is about. */
    Problem about(String outcomeJson) {
        return new Problem(type, title, status, code, detail, errors, outcomeJson);
    }
}
