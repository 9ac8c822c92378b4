package io.tally.wire;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A record of the journal topic, which holds one entry or several of a transaction, each with the key and the value that
 * {@link JournalCodec} gives it. Stored for ever, so old versions stay readable. Not thread-safe.
 *
 * <pre>
 * key     the first entry's
 * value   version (2)  how many entries  value of the first  [key  value] of each other
 * </pre>
 *
 * Keys and values have their length in bytes in front. Numbers have variable length. Version 1, which is read as well, is
 * a bare entry. Keys are unique in both.
 */
public final class JournalRecord {
    /** What is written now, and the highest that can be read. Raised whenever {@link JournalCodec#VERSION} is. */
    public static final int VERSION = 2;

    /**
     * With so many bytes it is full. Some 70 to 90 entries have that: what a record costs by itself is little beside it, and it
     * is still much smaller than a batch of records.
     */
    static final int FULL_BYTES = 4 << 10;

    private final byte[] key;
    private final RecordWriter content = new RecordWriter(FULL_BYTES + FULL_BYTES / 4);
    private int entries;

    /**
     * A record of one entry.
     *
     * @param entryKey as {@link JournalCodec#key} gives it
     * @param entryValue as {@link JournalCodec#value} gives it
     */
    public JournalRecord(byte[] entryKey, byte[] entryValue) {
        key = entryKey;
        content.counted(entryValue);
        entries = 1;
    }

    /** Adds an entry that was decided after the others. A full record takes it too. */
    public void add(byte[] entryKey, byte[] entryValue) {
        content.counted(entryKey);
        content.counted(entryValue);
        entries++;
    }

    /** Whether it is to be sent before more is added. */
    public boolean isFull() {
        return content.length() >= FULL_BYTES;
    }

    /** How many entries it has, at least one. */
    public int entries() {
        return entries;
    }

    public byte[] key() {
        return key;
    }

    /** What it has so far. */
    public byte[] value() {
        RecordWriter value = new RecordWriter(content.length() + 8);
        value.octet(VERSION);
        value.number(entries);
        value.all(content);
        return value.toBytes();
    }

    /** The version of a record's value, whether it can be read or not; 0 when there is none. */
    public static int version(byte @Nullable [] value) {
        return value == null || value.length == 0 ? 0 : value[0] & 0xFF;
    }

    /**
     * Reads a record's entries back, in the order in which they were decided.
     *
     * @param each gets each entry's key and value
     * @throws IllegalArgumentException if the record is broken or of an unknown version; some entries may have been told
     */
    public static void read(byte[] key, byte[] value, BiConsumer<byte[], byte[]> each) {
        if (version(value) == 1) {
            each.accept(key, value);
            return;
        }
        RecordReader reader = new RecordReader(value);
        reader.version(VERSION);
        int entries = reader.smallNumber();
        if (entries == 0) {
            throw new IllegalArgumentException("Expected a record of at least one entry, but it has none");
        }
        each.accept(key, reader.counted());
        for (int i = 1; i < entries; i++) {
            each.accept(reader.counted(), reader.counted());
        }
        reader.end();
    }
}
