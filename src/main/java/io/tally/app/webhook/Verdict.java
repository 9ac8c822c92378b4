package io.tally.app.webhook;

/** What became of a delivery. */
enum Verdict {
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
