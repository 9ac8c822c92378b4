package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** The values behind {@link StoreKeys}. Derived data: a change here is a new {@link LedgerDb#FORMAT_VERSION}. */
final class StoreValues {
    private static final int FUNDED = 1;

    private StoreValues() {}

    /** An entry: the currency, which the key lacks, and the journal's own value. */
    static byte[] entry(JournalEntry entry, byte[] journalValue) {
        return ByteBuffer.allocate(StoreKeys.CURRENCY_BYTES + journalValue.length)
                .put(entry.command().account().currency().getBytes(StandardCharsets.US_ASCII))
                .put(journalValue)
                .array();
    }

    static JournalEntry entry(UUID uid, String userId, byte[] value) {
        String currency = new String(value, 0, StoreKeys.CURRENCY_BYTES, StandardCharsets.US_ASCII);
        byte[] journalValue = Arrays.copyOfRange(value, StoreKeys.CURRENCY_BYTES, value.length);
        return JournalCodec.decode(new Account(userId, currency), uid, journalValue);
    }

    static byte[] head(IndexedHead indexed) {
        AccountHead head = indexed.head();
        return ByteBuffer.allocate(1 + 4 * Long.BYTES)
                .put((byte) (head.funded() ? FUNDED : 0))
                .putLong(head.sequence())
                .putLong(head.balance())
                .putLong(indexed.latestEffectiveAt())
                .putLong(indexed.lateSum())
                .array();
    }

    static IndexedHead head(byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        boolean funded = buffer.get() == FUNDED;
        AccountHead head = new AccountHead(buffer.getLong(), buffer.getLong(), funded);
        return new IndexedHead(head, buffer.getLong(), buffer.getLong());
    }

    /** A timeline value: the entry's uid, and a sum that is absent when it is 0, as it mostly is. */
    static byte[] timeline(UUID uid, long sum) {
        ByteBuffer value = ByteBuffer.allocate(StoreKeys.UID_BYTES + (sum == 0 ? 0 : Long.BYTES))
                .putLong(uid.getMostSignificantBits())
                .putLong(uid.getLeastSignificantBits());
        if (sum != 0) {
            value.putLong(sum);
        }
        return value.array();
    }

    static UUID uid(byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static long sum(byte[] timelineValue) {
        return timelineValue.length == StoreKeys.UID_BYTES
                ? 0
                : ByteBuffer.wrap(timelineValue).getLong(StoreKeys.UID_BYTES);
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
