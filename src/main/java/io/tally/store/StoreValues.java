package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values behind {@link StoreKeys}. Derived data: a change here is a new {@link LedgerDb#FORMAT_VERSION}. */
final class StoreValues {
    private static final int FUNDED = 1;
    /** Where the sum beside an entry begins: behind the uid, and one byte that says how long it is. */
    private static final int SUM = StoreKeys.UID_BYTES + 1;

    private StoreValues() {}

    /** An entry: its uid, the sum beside it, which is left out when it is 0, as it mostly is, and the journal's own value. */
    static byte[] entry(UUID uid, long sum, byte[] journalValue) {
        int sumBytes = sum == 0 ? 0 : Long.BYTES;
        ByteBuffer value = ByteBuffer.allocate(SUM + sumBytes + journalValue.length)
                .putLong(uid.getMostSignificantBits())
                .putLong(uid.getLeastSignificantBits())
                .put((byte) sumBytes);
        if (sum != 0) {
            value.putLong(sum);
        }
        return value.put(journalValue).array();
    }

    static JournalEntry entry(Account account, byte[] value) {
        ByteBuffer uid = ByteBuffer.wrap(value);
        byte[] journalValue = Arrays.copyOfRange(value, SUM + value[SUM - 1], value.length);
        return JournalCodec.decode(account, new UUID(uid.getLong(), uid.getLong()), journalValue);
    }

    /**
     * The user's entry at a place that another index names.
     *
     * @param stored what is found there
     * @throws BrokenStoreException if there is nothing
     */
    static JournalEntry entryAt(String userId, byte[] place, byte @Nullable [] stored) {
        if (stored == null) {
            throw new BrokenStoreException("Expected an entry of user " + userId
                    + " at every place that an index names, but at "
                    + HexFormat.of().formatHex(place) + " there is none");
        }
        return entry(new Account(userId, StoreKeys.currencyOfPlace(place)), stored);
    }

    /** The sum beside an entry: of late entries before one in order, the delta of a late one. */
    static long sum(byte[] value) {
        return value[SUM - 1] == 0 ? 0 : ByteBuffer.wrap(value).getLong(SUM);
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

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
