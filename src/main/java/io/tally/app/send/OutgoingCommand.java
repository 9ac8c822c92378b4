package io.tally.app.send;

import java.util.Arrays;

/**
 * A command as it will be sent.
 *
 * @param line where it stood in its source, from 1
 * @param userId the record's key
 * @param uid lower case
 * @param json the record's value, as the user wrote it
 */
public record OutgoingCommand(long line, String userId, String uid, byte[] json) {
    @Override
    public boolean equals(Object other) {
        return other instanceof OutgoingCommand that
                && line == that.line
                && userId.equals(that.userId)
                && uid.equals(that.uid)
                && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(line);
    }
}
