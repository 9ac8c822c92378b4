package io.tally.stream;

/**
 * Starting would risk the ledger, or it cannot be found out whether it would. Commands that do other things to a ledger meet it
 * as well. The message says what was found, which setting or topic it is about, and what to do.
 */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartRefusedException(String message) {
        super(message);
    }

    StartRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
