package io.tally.http;

import java.util.Locale;

/** What a request can be told that was not answered, with its HTTP status. */
enum ProblemCode {
    INVALID_PARAMETER(400, "A parameter is not valid"),
    UNKNOWN_USER(404, "There is no such user"),
    NOT_FOUND(404, "There is no such resource"),
    METHOD_NOT_ALLOWED(405, "The resource has no such method"),
    UNAVAILABLE(503, "The ledger cannot answer now"),
    INTERNAL_ERROR(500, "Tally has a bug");

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
