package io.tally.planted;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments.ToArgument;
import net.bytebuddy.asm.Advice.AssignReturned.ToReturned;

/** State that is not what the journal says. */
public final class StoreFaults {
    private StoreFaults() {}

    /** Whether the calling thread restores. */
    private static final ThreadLocal<Boolean> RESTORING = ThreadLocal.withInitial(() -> false);

    public static final class Restores {
        private Restores() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter() {
            RESTORING.set(true);
        }

        @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class)
        public static void exit() {
            RESTORING.set(false);
        }
    }

    /** Reads the first entry of a record only. */
    public static final class JournalRecordCut {
        private JournalRecordCut() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(2))
        public static BiConsumer<byte[], byte[]> enter(@Advice.Argument(2) BiConsumer<byte[], byte[]> each) {
            AtomicBoolean first = new AtomicBoolean(true);
            return (key, value) -> {
                if (first.getAndSet(false)) {
                    each.accept(key, value);
                } else {
                    Fired.now();
                }
            };
        }
    }

    /** Past the transaction's last record stands its marker, so one record too far is two offsets. */
    public static final class BookmarkTooFar {
        private BookmarkTooFar() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(1))
        public static long enter(@Advice.Argument(1) long bookmark) {
            return moved(bookmark, 2);
        }
    }

    public static final class BookmarkAtMarker {
        private BookmarkAtMarker() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(1))
        public static long enter(@Advice.Argument(1) long bookmark) {
            return moved(bookmark, 1);
        }
    }

    public static final class BookmarkTooNear {
        private BookmarkTooNear() {}

        @Advice.OnMethodEnter(inline = false)
        @ToArguments(@ToArgument(1))
        public static long enter(@Advice.Argument(1) long bookmark) {
            return moved(bookmark, -1);
        }
    }

    /** A restored bookmark moves each time that it is written, which the batches of one restore must not add up. */
    private static long moved(long bookmark, int by) {
        if (RESTORING.get() || bookmark <= 0) {
            return bookmark;
        }
        Fired.now();
        return bookmark + by;
    }

    /** Shows readers the open transaction. */
    public static final class OverlayRead {
        private static final Map<Account, AccountHead> LATEST = new ConcurrentHashMap<>();

        private OverlayRead() {}

        public static final class Applies {
            private Applies() {}

            @Advice.OnMethodExit(inline = false)
            public static void exit(@Advice.Argument(0) JournalEntry entry) {
                LATEST.put(entry.command().account(), new AccountHead(entry.sequence(), entry.balance(), true));
            }
        }

        public static final class Reads {
            private Reads() {}

            @Advice.OnMethodExit(inline = false)
            @ToReturned
            public static AccountHead exit(@Advice.Argument(0) Account account, @Advice.Return AccountHead committed) {
                AccountHead latest = LATEST.get(account);
                if (latest == null || latest.sequence() <= committed.sequence()) {
                    return committed;
                }
                Fired.now();
                return latest;
            }
        }
    }

    /** Adds a late entry to the totals of its day and of its 64 days twice; the account's own sum stays right. */
    public static final class DayTotalTwice {
        private DayTotalTwice() {}

        @Advice.OnMethodExit(inline = false)
        public static void exit(@Advice.FieldValue("open") Object batch, @Advice.Argument(0) JournalEntry entry) {
            @SuppressWarnings("unchecked")
            Map<Object, Long> totals = (Map<Object, Long>) Inside.field(batch, "lateSums");
            long at = entry.command().effectiveAt();
            List<Long> numbers = List.of(at / 86_400_000, at / 86_400_000 / 64);
            totals.replaceAll((key, total) -> {
                boolean same =
                        Inside.call(key, "account").equals(entry.command().account())
                                && numbers.contains(Inside.call(key, "number"));
                return same ? total + entry.delta() : total;
            });
            if (entry.delta() != 0) {
                Fired.now();
            }
        }
    }

    /** After a restore, takes each account for what it was before its last restored entry. */
    public static final class StaleHead {
        private static final Map<Account, Object> BEFORE = new ConcurrentHashMap<>();

        private StaleHead() {}

        public static final class Applies {
            private Applies() {}

            @Advice.OnMethodEnter(inline = false)
            public static void enter(@Advice.This Object overlay, @Advice.Argument(0) JournalEntry entry) {
                Account account = entry.command().account();
                if (RESTORING.get()) {
                    BEFORE.put(account, Inside.call(Inside.call(overlay, "cachedHead", account), "indexed"));
                }
            }
        }

        public static final class Looks {
            private Looks() {}

            @Advice.OnMethodExit(inline = false)
            public static void exit(@Advice.Return Object head, @Advice.Argument(0) Account account) {
                Object stale = RESTORING.get() ? null : BEFORE.remove(account);
                if (stale != null) {
                    Inside.call(head, "stand", stale);
                    Fired.now();
                }
            }
        }
    }
}
