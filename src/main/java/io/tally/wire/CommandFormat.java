package io.tally.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a record's value holds its command; the record's {@link #CONTENT_TYPE} says which (CloudEvents 1.0, Kafka binding). */
public enum CommandFormat {
    /** The value is the command. So it is in CloudEvents' binary mode, whose attributes are headers: they are not read. */
    PLAIN,
    /** The value is an event in CloudEvents' structured mode; its data is the command. */
    EVENT;

    /** The header with the media type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    private static final String EVENT_NAME = "application/cloudevents+json";

    /** The header that a record has whose value is an {@link #EVENT}. */
    public static final WireHeader EVENT_TYPE = WireHeader.ascii(CONTENT_TYPE, EVENT_NAME);

    /**
     * The format that a media type stands for: {@code application/cloudevents+json} in any case, with parameters or
     * without, is an event, everything else is plain.
     *
     * @param contentType the header's value, or null when there is none
     */
    public static CommandFormat of(byte @Nullable [] contentType) {
        if (contentType == null || contentType.length < EVENT_NAME.length()) {
            return PLAIN;
        }
        String name = new String(contentType, 0, EVENT_NAME.length(), ISO_8859_1);
        return name.toLowerCase(Locale.ROOT).equals(EVENT_NAME) && endsAt(contentType, EVENT_NAME.length())
                ? EVENT
                : PLAIN;
    }

    /** Whether the media type's name ends there: at the end, or before a semicolon. */
    private static boolean endsAt(byte[] contentType, int at) {
        int end = at;
        while (end < contentType.length && (contentType[end] == ' ' || contentType[end] == '\t')) {
            end++;
        }
        return end == contentType.length || contentType[end] == ';';
    }
}
