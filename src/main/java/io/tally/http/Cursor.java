package io.tally.http;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.store.TimelinePosition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a statement ended, with the statement itself. Opaque to clients; the checksum finds what was cut or
 * changed on the way, and keeps nothing secret.
 */
record Cursor(Statement statement, TimelinePosition end) {
    private static final String VERSION = "1";
    private static final int PARTS = 9;
    private static final int CHECKSUM_BYTES = 8;
    private static final long MAX_SEQUENCE = (1L << 48) - 1;

    /** The form that clients hold. */
    String toText() {
        Account account = statement.account();
        String fields = String.join(
                "/",
                VERSION,
                account.userId(),
                account.currency(),
                String.valueOf(statement.accepted()),
                Long.toString(statement.from()),
                Long.toString(statement.to()),
                Boolean.toString(statement.newestFirst()),
                Long.toString(end.effectiveAt()),
                Long.toString(end.sequence()));
        byte[] bytes = fields.getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(bytes, bytes.length + CHECKSUM_BYTES);
        System.arraycopy(checksum(bytes), 0, all, bytes.length, CHECKSUM_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Reads the clients' form; null when it is none of ours. */
    static @Nullable Cursor parse(String text) {
        try {
            byte[] all = Base64.getUrlDecoder().decode(text);
            int length = Math.max(0, all.length - CHECKSUM_BYTES);
            byte[] bytes = Arrays.copyOf(all, length);
            if (!MessageDigest.isEqual(checksum(bytes), Arrays.copyOfRange(all, length, all.length))) {
                return null;
            }
            return of(new String(bytes, StandardCharsets.US_ASCII).split("/", -1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Cursor of(String[] parts) {
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return null;
        }
        Statement statement = new Statement(
                new Account(parts[1], parts[2]),
                parts[3].equals("null") ? null : Boolean.valueOf(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Boolean.parseBoolean(parts[6]));
        long effectiveAt = Long.parseLong(parts[7]);
        long sequence = Long.parseLong(parts[8]);
        boolean possible =
                effectiveAt >= 0 && effectiveAt <= Command.MAX_TIMESTAMP && sequence >= 1 && sequence < MAX_SEQUENCE;
        return possible ? new Cursor(statement, new TimelinePosition(effectiveAt, sequence)) : null;
    }

    private static byte[] checksum(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), CHECKSUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
