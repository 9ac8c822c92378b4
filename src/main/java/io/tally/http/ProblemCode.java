package io.tally.http;

import java.util.Locale;

/** What a request can be told that was not answered, in the order of its HTTP status. */
enum ProblemCode {
    INVALID_REQUEST(400, "The request is not valid HTTP, or could mean several things"),
    INVALID_COMMAND(400, "The body is not a command"),
    INVALID_BODY(400, "The body is not what the call takes"),
    INVALID_PARAMETER(400, "A parameter is not valid"),
    UNAUTHORIZED(401, "No token, or none that is known"),
    INSUFFICIENT_FUNDS(402, "The balance does not cover the withdrawal"),
    FORBIDDEN(403, "The request is not allowed"),
    UNKNOWN_USER(404, "There is no such user"),
    UNKNOWN_UID(404, "There is no outcome of this uid"),
    UNKNOWN_ENDPOINT(404, "There is no such webhook endpoint"),
    NOT_FOUND(404, "There is no such resource"),
    METHOD_NOT_ALLOWED(405, "The resource has no such method"),
    REQUEST_TIMEOUT(408, "The request did not come in time"),
    USER_EXISTS(409, "The user was opened before"),
    AMBIGUOUS_UID(409, "Several users have used the uid"),
    UID_CONFLICT(409, "The uid belongs to another request"),
    ENDPOINT_EXISTS(409, "The Idempotency-Key belongs to another endpoint"),
    TOO_MANY_ENDPOINTS(409, "There are as many webhook endpoints as there may be"),
    TOO_MANY_REPLAYS(409, "The webhook endpoint has as many replays as it may have"),
    VERSION_MISMATCH(412, "The webhook endpoint has another version"),
    TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The request line is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON"),
    MISDIRECTED(421, "The request is meant for another instance"),
    BALANCE_OVERFLOW(422, "The balance would grow too large"),
    RATE_LIMITED(429, "The token asks too often"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL_ERROR(500, "Tally has a bug"),
    OUTCOME_UNKNOWN(503, "It is not known whether the command was written"),
    CHANGE_UNKNOWN(503, "It is not known whether the change was written"),
    UNAVAILABLE(503, "The ledger cannot answer now"),
    HTTP_VERSION_NOT_SUPPORTED(505, "The server speaks HTTP/1.1");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
