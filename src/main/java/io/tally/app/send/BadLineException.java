package io.tally.app.send;

/** A line that cannot be sent. Those before it were sent, none after it. */
public final class BadLineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadLineException(long line, String problem) {
        super("Line " + line + " " + problem
                + ". Nothing from this line on was sent. Correct it and send everything again:"
                + " what was decided stays as it is.");
    }
}
