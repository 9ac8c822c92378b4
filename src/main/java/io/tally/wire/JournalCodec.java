package io.tally.wire;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Rejection;
import io.tally.ledger.Source;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The journal's entries: one per decided command, in the store and in {@linkplain JournalRecord records} of its changelog.
 * Stored for ever, so old versions stay readable.
 *
 * <pre>
 * key     user id (ASCII)  0x00  currency (3 ASCII)  uid (16)
 * value   version (1)  type  flags  verdict  amount  sequence  balance  effective at  recorded at  partition  offset
 *         [name]
 * </pre>
 *
 * Type, flags and verdict are one byte each, numbers have variable length. "Recorded at" is its distance from
 * "effective at", which is 0 for most commands. A typical value has 20 to 30 bytes.
 */
public final class JournalCodec {
    /** What is written now, and the highest that can be read. */
    public static final int VERSION = 1;

    private static final int CURRENCY_SENT = 1;
    private static final int TIMESTAMP_SENT = 2;
    private static final int NAMED = 4;
    private static final int ALL_FLAGS = CURRENCY_SENT | TIMESTAMP_SENT | NAMED;

    private static final int CURRENCY_LENGTH = 3;
    private static final int UID_LENGTH = 16;

    /** What follows the user id in a key. */
    private static final int KEY_TAIL = 1 + CURRENCY_LENGTH + UID_LENGTH;

    private JournalCodec() {}

    /** The entry's key. Keys are unique: a (user, uid) is decided once. */
    public static byte[] key(JournalEntry entry) {
        Command command = entry.command();
        String userId = command.userId();
        String currency = command.account().currency();
        if (!UserId.isValid(userId) || !isCurrency(currency)) {
            throw new IllegalArgumentException(
                    "Expected a user id and a currency code, but got '" + userId + "' and '" + currency + "'");
        }
        return ByteBuffer.allocate(userId.length() + KEY_TAIL)
                .put(AsciiBuffer.ascii(userId))
                .put((byte) 0)
                .put(AsciiBuffer.ascii(currency))
                .putLong(command.uid().getMostSignificantBits())
                .putLong(command.uid().getLeastSignificantBits())
                .array();
    }

    /** The entry's value: everything of it that is not in the key. */
    public static byte[] value(JournalEntry entry) {
        Command command = entry.command();
        String name = command.name();
        RecordWriter value = new RecordWriter();
        value.octet(VERSION);
        value.octet(StableCodes.of(command.type()));
        value.octet((command.currencySent() ? CURRENCY_SENT : 0)
                | (command.timestampSent() ? TIMESTAMP_SENT : 0)
                | (name != null ? NAMED : 0));
        value.octet(StableCodes.of(entry.rejection()));
        value.number(command.amount());
        value.number(entry.sequence());
        value.number(entry.balance());
        value.number(command.effectiveAt());
        // May overflow for absurd record times; adding it back overflows the same way.
        value.signed(entry.recordedAt() - command.effectiveAt());
        value.number(entry.source().partition());
        value.number(entry.source().offset());
        if (name != null) {
            value.counted(name.getBytes(StandardCharsets.UTF_8));
        }
        return value.toBytes();
    }

    /**
     * Reads an entry back.
     *
     * @throws IllegalArgumentException if the entry is broken or of an unknown version
     */
    public static JournalEntry decode(byte[] key, byte[] value) {
        return decode(account(key), uid(key), value);
    }

    /**
     * Reads an entry back whose key is known in parts.
     *
     * @throws IllegalArgumentException if the value is broken or of an unknown version
     */
    public static JournalEntry decode(Account account, UUID uid, byte[] value) {
        RecordReader reader = new RecordReader(value);
        reader.version(VERSION);
        CommandType type = StableCodes.type(reader.octet());
        int flags = flags(reader);
        Rejection rejection = StableCodes.rejection(reader.octet());
        long amount = reader.number();
        long sequence = reader.number();
        long balance = reader.number();
        long effectiveAt = reader.number();
        long recordedAt = effectiveAt + reader.signed();
        Source source = new Source(reader.smallNumber(), reader.number());
        String name = (flags & NAMED) == 0 ? null : reader.text();
        reader.end();
        Command command = new Command(
                uid,
                account,
                type,
                amount,
                effectiveAt,
                name,
                (flags & CURRENCY_SENT) != 0,
                (flags & TIMESTAMP_SENT) != 0);
        return new JournalEntry(command, sequence, balance, rejection, recordedAt, source);
    }

    private static int flags(RecordReader reader) {
        int flags = reader.octet();
        if ((flags & ~ALL_FLAGS) != 0) {
            throw new IllegalArgumentException("Expected flags from 0 to " + ALL_FLAGS + ", but got " + flags);
        }
        return flags;
    }

    private static Account account(byte[] key) {
        int userLength = key.length - KEY_TAIL;
        if (userLength < 1 || key[userLength] != 0) {
            throw new IllegalArgumentException(
                    "Expected a key of user id, zero byte, currency and uid, but got " + key.length + " other bytes");
        }
        String userId = new String(key, 0, userLength, StandardCharsets.ISO_8859_1);
        String currency = new String(key, userLength + 1, CURRENCY_LENGTH, StandardCharsets.ISO_8859_1);
        if (!UserId.isValid(userId) || !isCurrency(currency)) {
            throw new IllegalArgumentException("Expected a key with a user id and a currency code, but got others");
        }
        return new Account(userId, currency);
    }

    private static UUID uid(byte[] key) {
        ByteBuffer uid = ByteBuffer.wrap(key, key.length - UID_LENGTH, UID_LENGTH);
        return new UUID(uid.getLong(), uid.getLong());
    }

    private static boolean isCurrency(String text) {
        boolean letters = text.length() == CURRENCY_LENGTH;
        for (int i = 0; letters && i < CURRENCY_LENGTH; i++) {
            letters = text.charAt(i) >= 'A' && text.charAt(i) <= 'Z';
        }
        return letters;
    }
}
