package io.tally.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has read the outcomes: the next offset of one partition, or of every one. Opaque to clients. The checksum
 * finds what was cut or changed on the way, and keeps nothing secret.
 *
 * @param topic which topic it is a position of: topics that are deleted and made again differ
 * @param partition the partition, or {@link #ALL}
 * @param next the next offset of that partition or of each; not to be changed
 */
public record FeedPosition(int topic, int partition, long[] next) {
    static final int ALL = -1;

    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final int MAX_VARINT_BYTES = 9;
    /** Version, topic, partition and count before the offsets, at most. */
    private static final int HEAD_BYTES = 1 + Integer.BYTES + 2 * MAX_VARINT_BYTES;

    /** The form that clients hold: letters, digits, hyphens and underscores. */
    static String text(int topic, int partition, long[] next) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + next.length * MAX_VARINT_BYTES + CHECKSUM_BYTES);
        bytes.put(VERSION).putInt(topic);
        putVarint(bytes, partition + 1L);
        putVarint(bytes, next.length);
        for (long offset : next) {
            putVarint(bytes, offset);
        }
        bytes.putInt(checksum(bytes.array(), bytes.position()));
        ByteBuffer text = Base64.getUrlEncoder().withoutPadding().encode(bytes.flip());
        return new String(text.array(), 0, text.limit(), StandardCharsets.ISO_8859_1);
    }

    /** Reads the clients' form; null when it is none of ours. */
    public static @Nullable FeedPosition parse(String text) {
        try {
            byte[] all = Base64.getUrlDecoder().decode(text);
            int length = all.length - CHECKSUM_BYTES;
            if (length < 1 || ByteBuffer.wrap(all).getInt(length) != checksum(all, length)) {
                return null;
            }
            return read(ByteBuffer.wrap(all, 0, length));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable FeedPosition read(ByteBuffer bytes) {
        if (bytes.get() != VERSION || bytes.remaining() < Integer.BYTES) {
            return null;
        }
        int topic = bytes.getInt();
        long partition = varint(bytes) - 1;
        long count = varint(bytes);
        boolean possible = partition == ALL ? count >= 1 : partition >= 0 && count == 1;
        // An offset takes a byte at least: no count makes this a large array.
        if (!possible || partition >= Integer.MAX_VALUE || count > bytes.remaining()) {
            return null;
        }
        long[] next = new long[(int) count];
        for (int i = 0; i < next.length; i++) {
            next[i] = varint(bytes);
            if (next[i] < 0) {
                return null;
            }
        }
        return bytes.hasRemaining() ? null : new FeedPosition(topic, (int) partition, next);
    }

    /** Seven bits a byte, the lowest first. */
    private static void putVarint(ByteBuffer bytes, long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    /** A number from 0, or -1 when there is none. */
    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && bytes.hasRemaining(); i++) {
            byte b = bytes.get();
            value |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
