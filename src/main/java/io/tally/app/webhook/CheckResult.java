package io.tally.app.webhook;

/** What was found of a delivery: its signature, its time and its order. */
enum CheckResult {
    /** Signed and in order, as far as that was looked at. */
    RIGHT,
    /** Its id has come before. That is right: a delivery comes at least once. */
    REPEAT,
    /** It is from who has the secret, but others of its user should have come before or after it. */
    OUT_OF_ORDER,
    WRONG_SIGNATURE,
    /** Too far from now: what was signed long ago may have been caught and sent again. */
    WRONG_TIMESTAMP,
    /** Not what a delivery looks like. */
    UNREADABLE
}
