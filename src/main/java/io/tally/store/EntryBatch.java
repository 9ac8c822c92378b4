package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Entries that go to the database together, with what every index takes of them. One thread fills it; then it does not change
 * until it is cleared, and another may write it.
 */
final class EntryBatch {
    private record Identity(String userId, UUID uid) {}

    private final Map<Identity, JournalEntry> entries = new HashMap<>();
    private final Map<Account, IndexedHead> heads = new HashMap<>();
    private final Map<LateSpan, Long> lateSums = new HashMap<>();
    private final Map<String, byte[]> opened = new HashMap<>();
    private final Writes uidWrites = new Writes();
    private final Writes timelineWrites = new Writes();

    int size() {
        return entries.size();
    }

    @Nullable
    JournalEntry entry(String userId, UUID uid) {
        return entries.get(new Identity(userId, uid));
    }

    @Nullable
    IndexedHead head(Account account) {
        return heads.get(account);
    }

    /** The sum of the late entries of a span, those in the database included. */
    @Nullable
    Long lateSum(LateSpan span) {
        return lateSums.get(span);
    }

    boolean opened(String userId) {
        return opened.containsKey(userId);
    }

    /**
     * Adds an entry.
     *
     * @param index of the two by time, the one that it belongs to
     * @param sum what stands beside it there
     */
    void addEntry(JournalEntry entry, byte index, long sum, byte[] journalValue) {
        Command command = entry.command();
        UUID uid = command.uid();
        String userId = command.userId();
        TimelinePosition position = new TimelinePosition(command.effectiveAt(), entry.sequence());
        byte[] place = StoreKeys.place(index, command.account().currency(), position);
        entries.put(new Identity(userId, uid), entry);
        uidWrites.add(StoreKeys.uid(uid, userId), place);
        timelineWrites.add(StoreKeys.entryAt(userId, place), StoreValues.entry(uid, sum, journalValue));
        if (entry.accepted() && command.type() == CommandType.OPEN) {
            opened.put(userId, place);
        }
    }

    void putHead(Account account, IndexedHead head) {
        heads.put(account, head);
    }

    void putLateSum(LateSpan span, long sum) {
        lateSums.put(span, sum);
    }

    /** The uids of all entries. */
    Stream<UUID> uids() {
        return entries.keySet().stream().map(Identity::uid);
    }

    /** The accounts that have entries. */
    Set<Account> accounts() {
        return heads.keySet();
    }

    /** Brings everything to the database, together with the changelog offset that it is then at. */
    void writeTo(LedgerDb target, long bookmark) {
        Writes headWrites = new Writes();
        heads.forEach((account, head) -> headWrites.add(StoreKeys.head(account), StoreValues.head(head)));
        Writes lateWrites = new Writes();
        lateSums.forEach((span, sum) -> lateWrites.add(StoreKeys.lateSpan(span), StoreValues.number(sum)));
        Writes openingWrites = new Writes();
        opened.forEach((userId, place) -> openingWrites.add(StoreKeys.opened(userId), place));
        try (WriteBatch batch = new WriteBatch()) {
            for (Writes writes : List.of(uidWrites, timelineWrites, headWrites, lateWrites, openingWrites)) {
                writes.putTo(batch::put);
            }
            target.write(batch, bookmark);
        } catch (RocksDBException e) {
            throw new LedgerStoreException("Expected to fill a batch, but " + e.getMessage(), e);
        }
    }

    void clear() {
        entries.clear();
        heads.clear();
        lateSums.clear();
        opened.clear();
        uidWrites.clear();
        timelineWrites.clear();
    }
}
