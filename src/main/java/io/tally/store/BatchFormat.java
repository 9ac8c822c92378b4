package io.tally.store;

import java.util.Arrays;
import org.rocksdb.WriteBatch;

/**
 * RocksDB's form of a batch, which is also that of its write-ahead log, as {@code db/write_batch.cc} describes it:
 *
 * <pre>
 * batch    sequence (8, given when it is written)  count of records (4, little-endian)  record ...
 * put      0x01  key length (varint)  key  value length (varint)  value
 * </pre>
 *
 * A batch that is handed over in one piece costs one call of the binding, not one for each record.
 */
final class BatchFormat {
    private static final int SEQUENCE_BYTES = 8;
    private static final int HEADER_BYTES = SEQUENCE_BYTES + Integer.BYTES;
    private static final byte PUT = 1;
    private static final int TAG_BYTES = 1;
    private static final int VARINT_BITS = 7;
    private static final int MORE = 1 << VARINT_BITS;

    private BatchFormat() {}

    /** Makes a batch of all records, one index after the other. */
    static WriteBatch batch(Writes... indexes) {
        int count = 0;
        int bytes = HEADER_BYTES;
        for (Writes writes : indexes) {
            count += writes.size();
            bytes = Math.addExact(bytes, writes.bytes());
        }
        byte[] batch = new byte[bytes];
        for (int i = 0; i < Integer.BYTES; i++) {
            batch[SEQUENCE_BYTES + i] = (byte) (count >>> i * Byte.SIZE);
        }
        int end = HEADER_BYTES;
        for (Writes writes : indexes) {
            end = writes.copyTo(batch, end);
        }
        return new WriteBatch(batch);
    }

    /** How many bytes a put takes. */
    static int putBytes(int keyLength, int valueLength) {
        return TAG_BYTES + varintBytes(keyLength) + keyLength + varintBytes(valueLength) + valueLength;
    }

    /** Writes a put. */
    static void put(byte[] key, byte[] value, byte[] target, int start) {
        target[start] = PUT;
        int at = putSized(key, target, start + TAG_BYTES);
        putSized(value, target, at);
    }

    private static int putSized(byte[] bytes, byte[] target, int start) {
        int at = start;
        int rest = bytes.length;
        for (; rest >= MORE; rest >>>= VARINT_BITS) {
            target[at++] = (byte) (rest | MORE);
        }
        target[at++] = (byte) rest;
        System.arraycopy(bytes, 0, target, at, bytes.length);
        return at + bytes.length;
    }

    /** How many bytes the put that begins here takes. */
    static int recordBytes(byte[] source, int start) {
        return sizedEnd(source, keyEnd(source, start)) - start;
    }

    static int keyStart(byte[] source, int start) {
        return sizedStart(source, start + TAG_BYTES);
    }

    /** Behind the key's last byte. */
    static int keyEnd(byte[] source, int start) {
        return sizedEnd(source, start + TAG_BYTES);
    }

    static byte[] value(byte[] source, int start) {
        int sized = keyEnd(source, start);
        return Arrays.copyOfRange(source, sizedStart(source, sized), sizedEnd(source, sized));
    }

    private static int sizedStart(byte[] source, int start) {
        return start + varintBytes(varint(source, start));
    }

    private static int sizedEnd(byte[] source, int start) {
        int length = varint(source, start);
        return start + varintBytes(length) + length;
    }

    private static int varint(byte[] source, int start) {
        int value = 0;
        int at = start;
        int shift = 0;
        for (; source[at] < 0; shift += VARINT_BITS) {
            value |= (source[at++] & MORE - 1) << shift;
        }
        return value | source[at] << shift;
    }

    private static int varintBytes(int value) {
        int bytes = 1;
        for (int rest = value >>> VARINT_BITS; rest != 0; rest >>>= VARINT_BITS) {
            bytes++;
        }
        return bytes;
    }
}
