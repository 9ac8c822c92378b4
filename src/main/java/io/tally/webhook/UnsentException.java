package io.tally.webhook;

import java.io.IOException;

/** Nothing was sent; the message says why, for people. */
final class UnsentException extends IOException {
    UnsentException(String reason) {
        super(reason);
    }
}
