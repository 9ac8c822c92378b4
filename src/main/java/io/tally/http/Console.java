package io.tally.http;

import java.util.Locale;

/** What the console at {@code /} is for. The API is the same whatever it is. */
public enum Console {
    /** To look, and to send commands. */
    ON,
    /** To look only. */
    READ_ONLY,
    /** It is not there. */
    OFF;

    /** The name that settings and the page have for it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static Console of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
