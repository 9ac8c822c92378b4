package io.tally.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules out, from memory, that there is an entry of a uid. Nearly every command's is new, and RocksDB has to ask the filter of
 * each of its files for that, ever more of them as the history grows.
 *
 * <p>From the first question on, uids are noted in one filter as soon as they have an entry, and a background thread reads
 * those that the database had into another. It takes its snapshot later than the noting began, so the two together have all
 * of them. Until it is done, and whenever it cannot be, every uid may be there. For the thread that owns the database.
 */
final class KnownUids {
    private static final Logger log = LoggerFactory.getLogger(KnownUids.class);

    private final LedgerDb db;
    private final StoreResources resources;
    private final UidFilter noted;
    private boolean noting;
    private volatile @Nullable UidFilter earlier;
    private volatile boolean unreadable;

    KnownUids(LedgerDb db, StoreResources resources) {
        this.db = db;
        this.resources = resources;
        this.noted = new UidFilter(resources.heap());
    }

    boolean isNoting() {
        return noting;
    }

    /**
     * From now on {@link #add} notes uids, and those that the database has are read. Before it, whoever has entries that are
     * not there yet must bring them there, or {@linkplain #add add} their uids right after it.
     */
    void startNoting() {
        noting = true;
        resources.threads().inBackground(this::readEarlier);
    }

    /** Whether there may be an entry of this uid, of whatever user, in the database or on its way. */
    boolean mayHave(UUID uid) {
        UidFilter before = earlier;
        if (before == null) {
            return true;
        }
        long hash = UidFilter.hash(uid);
        return noted.mayContain(hash) || before.mayContain(hash);
    }

    /** There is an entry of this uid, which the database will have, or which will be dropped. */
    void add(UUID uid) {
        if (!noting) {
            return;
        }
        noted.add(UidFilter.hash(uid));
        if (unreadable || noted.hasGivenUp()) {
            // Neither is of use without the other.
            close();
        }
    }

    private void readEarlier() {
        UidFilter read = new UidFilter(resources.heap());
        try {
            // Published while the database cannot be closed, so that closing gives its memory back.
            db.read(reader -> {
                if (reader.addUids(read, () -> db.isOpen() && !read.hasGivenUp())) {
                    earlier = read;
                }
                return read;
            });
        } catch (LedgerStoreException e) {
            log.warn("Uids are looked for on the disk: {}", e.getMessage());
        } finally {
            if (earlier == null) {
                unreadable = true;
                read.giveUp();
            }
        }
    }

    /** Gives the memory back. From now on every uid may be there. */
    void close() {
        noted.giveUp();
        UidFilter before = earlier;
        if (before != null) {
            before.giveUp();
        }
    }
}
