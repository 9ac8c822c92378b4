package io.tally.app.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What was found in one place.
 *
 * @param subject what was looked at, in a word or two
 * @param text what is so
 * @param fix what to do about it; null when all is well
 */
public record Finding(
        Level level, String subject, String text, @Nullable String fix) {
    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, but costs something, or will not work for ever. */
        WARNING,
        /** It does not work, or money is not safe. */
        PROBLEM
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, null);
    }

    static Finding warning(String subject, String text, String fix) {
        return new Finding(Level.WARNING, subject, text, fix);
    }

    /** Something that must be mended. */
    public static Finding problem(String subject, String text, String fix) {
        return new Finding(Level.PROBLEM, subject, text, fix);
    }
}
