package io.tally.store;

import io.tally.ledger.Account;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The layout of the database: one column family, the first byte tells the index.
 *
 * <pre>
 * u uid user                        the place of the uid's entry
 * h user 0 currency                 the account's head
 * t user 0 currency effective seq   entries in order of effective time: uid, late sum before it, packed journal value
 * l user 0 currency effective seq   the same for late entries: uid, delta, packed journal value
 * d user 0 currency day             sum of the late entries' deltas of that day
 * p user 0 currency period          the same for 64 days
 * o user                            the place of the accepted OPEN
 * m name                            about the database: bookmark, origin, format
 * </pre>
 *
 * Entries stand in the order in which a statement shows them, so a page is read from one place. The other indexes hold an
 * entry's place: its key without the user, who is in their own key.
 *
 * <p>User ids never contain a zero byte, so no user's keys are a prefix of another's. Numbers are big-endian and never
 * negative, so bytes sort like numbers.
 */
final class StoreKeys {
    static final byte UID = 'u';
    static final byte HEAD = 'h';
    static final byte IN_ORDER = 't';
    static final byte LATE = 'l';
    static final byte LATE_DAY = 'd';
    static final byte LATE_PERIOD = 'p';
    static final byte OPENED = 'o';

    static final byte[] BOOKMARK = {'m', 'b'};
    static final byte[] ORIGIN = {'m', 'o'};
    static final byte[] FORMAT = {'m', 'f'};

    /** How many bytes tell the index. */
    static final int INDEX_BYTES = 1;

    static final int UID_BYTES = 16;
    static final int CURRENCY_BYTES = 3;
    /** Effective times end in 9999 and sequences stay far below 2^48. */
    private static final int NUMBER_BYTES = 6;

    private static final int PLACE_BYTES = 1 + CURRENCY_BYTES + 2 * NUMBER_BYTES;

    private StoreKeys() {}

    static byte[] uid(UUID uid, String userId) {
        byte[] user = ascii(userId);
        return ByteBuffer.allocate(1 + UID_BYTES + user.length)
                .put(UID)
                .putLong(uid.getMostSignificantBits())
                .putLong(uid.getLeastSignificantBits())
                .put(user)
                .array();
    }

    /** One uid of all users. */
    static byte[] uidOfAnyUser(UUID uid) {
        return uid(uid, "");
    }

    static String userOfUid(byte[] key) {
        int start = 1 + UID_BYTES;
        return new String(key, start, key.length - start, StandardCharsets.US_ASCII);
    }

    static UUID uidOf(byte[] key) {
        ByteBuffer uid = ByteBuffer.wrap(key, 1, UID_BYTES);
        return new UUID(uid.getLong(), uid.getLong());
    }

    static byte[] head(Account account) {
        return ofAccount(HEAD, account, 0).array();
    }

    /** All heads of one user. */
    static byte[] headsOf(String userId) {
        byte[] user = ascii(userId);
        return ByteBuffer.allocate(1 + user.length + 1)
                .put(HEAD)
                .put(user)
                .put((byte) 0)
                .array();
    }

    static String currencyOfHead(byte[] key) {
        return new String(key, key.length - CURRENCY_BYTES, CURRENCY_BYTES, StandardCharsets.US_ASCII);
    }

    /** The prefix of an account's keys in one of the indexes by time. */
    static byte[] timeline(byte index, Account account) {
        return ofAccount(index, account, 0).array();
    }

    /** An entry's key. */
    static byte[] timeline(byte index, Account account, TimelinePosition position) {
        return entryAt(account.userId(), place(index, account.currency(), position));
    }

    /** Where an entry stands among those of its user. */
    static byte[] place(byte index, String currency, TimelinePosition position) {
        ByteBuffer place = ByteBuffer.allocate(PLACE_BYTES).put(index).put(ascii(currency));
        putNumber(place, position.effectiveAt());
        putNumber(place, position.sequence());
        return place.array();
    }

    /** The key of the user's entry at the place. */
    static byte[] entryAt(String userId, byte[] place) {
        byte[] user = ascii(userId);
        return ByteBuffer.allocate(user.length + 1 + PLACE_BYTES)
                .put(place, 0, 1)
                .put(user)
                .put((byte) 0)
                .put(place, 1, PLACE_BYTES - 1)
                .array();
    }

    static String currencyOfPlace(byte[] place) {
        return new String(place, 1, CURRENCY_BYTES, StandardCharsets.US_ASCII);
    }

    static TimelinePosition positionOf(byte[] timelineKey) {
        int start = timelineKey.length - 2 * NUMBER_BYTES;
        return new TimelinePosition(number(timelineKey, start), number(timelineKey, start + NUMBER_BYTES));
    }

    static byte[] lateSpan(LateSpan span) {
        return ofAccount(span.index(), span.account(), Integer.BYTES)
                .putInt((int) span.number())
                .array();
    }

    static byte[] opened(String userId) {
        byte[] user = ascii(userId);
        return ByteBuffer.allocate(1 + user.length).put(OPENED).put(user).array();
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static ByteBuffer ofAccount(byte index, Account account, int more) {
        byte[] user = ascii(account.userId());
        return ByteBuffer.allocate(1 + user.length + 1 + CURRENCY_BYTES + more)
                .put(index)
                .put(user)
                .put((byte) 0)
                .put(ascii(account.currency()));
    }

    private static void putNumber(ByteBuffer key, long number) {
        key.putShort((short) (number >>> 32)).putInt((int) number);
    }

    private static long number(byte[] bytes, int start) {
        long number = 0;
        for (int i = start; i < start + NUMBER_BYTES; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
