package io.tally.webhook;

import io.tally.wire.webhook.Attempt;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of an answer's body, made harmless to show: UTF-8 with what is broken replaced, white space as blanks, and every
 * other character that does not stand for itself (controls, directions of writing) replaced.
 */
final class AnswerText {
    /** A character takes at most so many bytes. */
    private static final int MAX_BYTES = 4 * Attempt.MAX_ANSWER;

    private static final char REPLACEMENT = '\ufffd';

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private long length;

    void add(ByteBuffer bytes) {
        length += bytes.remaining();
        byte[] more = new byte[Math.min(bytes.remaining(), MAX_BYTES - kept.size())];
        bytes.get(more);
        kept.writeBytes(more);
    }

    /** How many bytes there were, also those that were not kept. */
    long length() {
        return length;
    }

    /** At most {@link Attempt#MAX_ANSWER} characters. */
    String text() {
        StringBuilder text = new StringBuilder();
        kept.toString(StandardCharsets.UTF_8)
                .codePoints()
                .map(AnswerText::harmless)
                .takeWhile(point -> text.length() + Character.charCount(point) <= Attempt.MAX_ANSWER)
                .forEachOrdered(text::appendCodePoint);
        return text.toString();
    }

    private static int harmless(int point) {
        if (point == '\t' || point == '\n' || point == '\r' || Character.isSpaceChar(point)) {
            return ' ';
        }
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> REPLACEMENT;
            default -> point;
        };
    }
}
