package io.tally.store;

import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.JournalEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.WriteBatch;

/**
 * Entries that go to the database together, with what every index takes of them. One thread fills it; then it does
 * not change until it is cleared, and another may write it.
 */
final class EntryBatch {
    private final PendingUids uids = new PendingUids();
    private List<CachedHead> moved = new ArrayList<>();
    private final Map<LateSpan, Long> lateSums = new HashMap<>();
    private final Map<String, byte[]> opened = new HashMap<>();
    private final Writes uidWrites = new Writes();
    private final Writes timelineWrites = new Writes();
    private final Writes headWrites = new Writes();

    int size() {
        return uids.size();
    }

    @Nullable
    JournalEntry entry(String userId, UUID uid) {
        byte[] key = StoreKeys.uid(uid, userId);
        int found = uids.find(UidFilter.hash(uid), place -> uidWrites.hasKey(place, key));
        return found < 0 ? null : StoreValues.entryAt(userId, uidWrites.value(found), timelineWrites.value(found));
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
        uidWrites.add(StoreKeys.uid(uid, userId), place);
        timelineWrites.add(StoreKeys.entryAt(userId, place), StoreValues.entry(uid, sum, journalValue));
        uids.add(UidFilter.hash(uid));
        if (entry.accepted() && command.type() == CommandType.OPEN) {
            opened.put(userId, place);
        }
    }

    /** Notes, once for each account, that the head has moved. */
    void addMoved(CachedHead head) {
        moved.add(head);
    }

    /** The heads of all accounts that have entries. */
    List<CachedHead> moved() {
        return moved;
    }

    void putLateSum(LateSpan span, long sum) {
        lateSums.put(span, sum);
    }

    /** Names the uids of all entries. */
    void forEachUid(Consumer<UUID> each) {
        for (int i = 0; i < uidWrites.size(); i++) {
            each.accept(StoreKeys.uidOf(uidWrites.key(i)));
        }
    }

    /** Takes the heads as they are, when it is complete: they move on while it is written. */
    void takeHeads() {
        for (CachedHead head : moved) {
            headWrites.add(StoreKeys.head(head.account()), StoreValues.head(head.indexed()));
        }
    }

    /** Brings everything to the database, together with the changelog offset that it is then at. */
    void writeTo(LedgerDb target, long bookmark) {
        Writes lateWrites = new Writes();
        lateSums.forEach((span, sum) -> lateWrites.add(StoreKeys.lateSpan(span), StoreValues.number(sum)));
        Writes openingWrites = new Writes();
        opened.forEach((userId, place) -> openingWrites.add(StoreKeys.opened(userId), place));
        try (WriteBatch batch = BatchFormat.batch(uidWrites, timelineWrites, headWrites, lateWrites, openingWrites)) {
            target.write(batch, bookmark);
        }
    }

    void clear() {
        uids.clear();
        moved = new ArrayList<>();
        lateSums.clear();
        opened.clear();
        uidWrites.clear();
        timelineWrites.clear();
        headWrites.clear();
    }
}
