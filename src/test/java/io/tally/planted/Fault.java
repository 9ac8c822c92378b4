package io.tally.planted;

import java.util.List;
import java.util.stream.Stream;

/** The ways in which builds are broken, one at a time. */
enum Fault {
    NO_DEDUP("a uid that was decided is decided again", ledger(DecisionFaults.NoDedup.class)),
    DEDUP_FORGETS_ON_RESTART(
            "uids decided before the start are forgotten", ledger(DecisionFaults.DedupForgetsOnRestart.class)),
    REJECTED_NOT_REMEMBERED("rejected uids are decided again", ledger(DecisionFaults.RejectedForgotten.class)),
    FORWARDED_BEFORE_DECIDED(
            "the outcome is forwarded before it is known whether the uid had one",
            new Point("io.tally.stream.LedgerProcessor", "answer", RoutingFaults.ForwardedBeforeDecided.class)),
    EXACT_WITHDRAWAL_REJECTED(
            "balance check off by one: `>=` for `>`",
            new Point("io.tally.ledger.Ledger", "rejection", DecisionFaults.ExactWithdrawalRejected.class)),
    ONE_UNIT_BEYOND_ACCEPTED(
            "balance check off by one: one unit too much is accepted",
            new Point("io.tally.ledger.Ledger", "rejection", DecisionFaults.OneUnitBeyondAccepted.class)),
    TIMESTAMPS_NOT_COMPARED(
            "conflicts: timestamps are not compared",
            new Point("io.tally.ledger.CommandField", "firstDifference", DecisionFaults.TimestampsNotCompared.class)),
    CLOCK_READ("the machine's clock for the record's time", ledger(DecisionFaults.ClockRead.class)),
    SEQUENCE_REUSED(
            "an account's first sequence after a start is its last one", ledger(DecisionFaults.SequenceReused.class)),

    OUTCOME_DROPPED("one outcome of the run is not sent", sends(SendFaults.OutcomeDropped.class)),
    OUTCOMES_SWAPPED("two outcomes of the run are swapped", sends(SendFaults.OutcomesSwapped.class)),
    DEAD_LETTER_DROPPED("one dead letter of the run is not sent", sends(SendFaults.DeadLetterDropped.class)),
    JOURNAL_RECORD_DROPPED(
            "one record of the journal is not sent",
            new Point("io.tally.stream.TxProducer", "sendJournal", SendFaults.JournalRecordDropped.class)),
    COPY_DROPPED("one re-routed record of the run is not sent", sends(SendFaults.CopyDropped.class)),
    WRONG_PARTITION_DECIDED(
            "records in the wrong partition are decided there",
            new Point("io.tally.stream.LedgerProcessor", "route", RoutingFaults.WrongPartitionDecided.class)),

    AT_LEAST_ONCE(
            "input offsets are committed after the transaction",
            new Point("io.tally.stream.TxConsumer", "poll", TransactionFaults.KeepsConsumer.class),
            producer("sendOffsetsToTransaction", TransactionFaults.OffsetsAfterwards.Keeps.class),
            producer("commitTransaction", TransactionFaults.OffsetsAfterwards.Commits.class)),
    AT_MOST_ONCE(
            "input offsets are committed before the transaction",
            new Point("io.tally.stream.TxConsumer", "poll", TransactionFaults.KeepsConsumer.class),
            offsets(TransactionFaults.OffsetsBefore.class)),
    UNCOMMITTED_RESTORED(
            "the journal is restored with what was aborted",
            new Point(
                    "io.tally.stream.TxClientSupplier",
                    "getRestoreConsumer",
                    TransactionFaults.UncommittedRestored.class)),
    JOURNAL_RECORD_CUT(
            "of each of the journal's records the first entry is restored",
            new Point("io.tally.wire.JournalRecord", "read", StoreFaults.JournalRecordCut.class)),
    OVERLAY_APPLIED_ON_ABORT(
            "the overlay goes to the database when the transaction fails",
            new Point("io.tally.store.LedgerStore", "put", TransactionFaults.OverlayAppliedOnAbort.Puts.class),
            new Point(
                    "io.tally.stream.TxScope",
                    "acknowledged",
                    TransactionFaults.OverlayAppliedOnAbort.Acknowledges.class),
            new Point("io.tally.stream.TxProducer", "giveUp", TransactionFaults.OverlayAppliedOnAbort.GivesUp.class)),
    STORE_WRITTEN_BEFORE_COMMIT(
            "the overlay goes to the database before the commit", offsets(TransactionFaults.StoreWrittenBefore.class)),

    OVERLAY_READ(
            "look-ups see the open transaction",
            new Point("io.tally.store.Overlay", "apply", StoreFaults.OverlayRead.Applies.class),
            new Point("io.tally.store.LedgerReader", "head", StoreFaults.OverlayRead.Reads.class)),
    DAY_TOTAL_TWICE(
            "late entries are added to their day's total twice",
            new Point("io.tally.store.Overlay", "addLate", StoreFaults.DayTotalTwice.class)),
    STALE_HEAD_AFTER_RESTORE(
            "restored accounts are one entry behind",
            new Point("io.tally.store.JournalRestore", "restoreAll", StoreFaults.Restores.class),
            new Point("io.tally.store.Overlay", "apply", StoreFaults.StaleHead.Applies.class),
            new Point("io.tally.store.Overlay", "cachedHead", StoreFaults.StaleHead.Looks.class)),
    BOOKMARK_TOO_FAR(
            "the bookmark is one record too far",
            new Point("io.tally.store.JournalRestore", "restoreAll", StoreFaults.Restores.class),
            new Point("io.tally.store.LedgerDb", "write", StoreFaults.BookmarkTooFar.class)),
    BOOKMARK_AT_MARKER(
            "the bookmark is one offset too far: on the transaction's marker",
            new Point("io.tally.store.JournalRestore", "restoreAll", StoreFaults.Restores.class),
            new Point("io.tally.store.LedgerDb", "write", StoreFaults.BookmarkAtMarker.class)),
    BOOKMARK_TOO_NEAR(
            "the bookmark is one record too near",
            new Point("io.tally.store.JournalRestore", "restoreAll", StoreFaults.Restores.class),
            new Point("io.tally.store.LedgerDb", "write", StoreFaults.BookmarkTooNear.class));

    private final String what;
    private final List<Point> points;

    Fault(String what, Point... points) {
        this.what = what;
        this.points = List.of(points);
    }

    private static Point ledger(Class<?> advice) {
        return new Point("io.tally.ledger.Ledger", "decide", advice);
    }

    private static Point sends(Class<?> advice) {
        return new Point("io.tally.stream.TxProducer", "send", advice);
    }

    private static Point offsets(Class<?> advice) {
        return new Point("io.tally.stream.TxProducer", "sendOffsetsToTransaction", advice);
    }

    private static Point producer(String method, Class<?> advice) {
        return new Point("org.apache.kafka.clients.producer.KafkaProducer", method, advice);
    }

    String what() {
        return what;
    }

    Stream<Point> points() {
        return points.stream();
    }

    /** Why nobody has to catch it; empty for a fault that must be caught. */
    String harmlessBecause() {
        return switch (this) {
            case BOOKMARK_TOO_NEAR -> "a record that the store has is skipped by its sequence";
            case BOOKMARK_AT_MARKER -> "no journal record can stand where the marker stands";
            default -> "";
        };
    }

    /** Whether it takes a kill, an abort or an open transaction to do harm. */
    boolean needsDisturbance() {
        return switch (this) {
            case NO_DEDUP,
                    REJECTED_NOT_REMEMBERED,
                    FORWARDED_BEFORE_DECIDED,
                    EXACT_WITHDRAWAL_REJECTED,
                    ONE_UNIT_BEYOND_ACCEPTED,
                    TIMESTAMPS_NOT_COMPARED,
                    CLOCK_READ,
                    OUTCOME_DROPPED,
                    OUTCOMES_SWAPPED,
                    DEAD_LETTER_DROPPED,
                    JOURNAL_RECORD_DROPPED,
                    COPY_DROPPED,
                    WRONG_PARTITION_DECIDED,
                    DAY_TOTAL_TWICE -> false;
            case DEDUP_FORGETS_ON_RESTART,
                    SEQUENCE_REUSED,
                    AT_LEAST_ONCE,
                    AT_MOST_ONCE,
                    UNCOMMITTED_RESTORED,
                    JOURNAL_RECORD_CUT,
                    OVERLAY_APPLIED_ON_ABORT,
                    STORE_WRITTEN_BEFORE_COMMIT,
                    OVERLAY_READ,
                    STALE_HEAD_AFTER_RESTORE,
                    BOOKMARK_TOO_FAR,
                    BOOKMARK_AT_MARKER,
                    BOOKMARK_TOO_NEAR -> true;
        };
    }

    Stream<Point> circumstances() {
        return (this == AT_LEAST_ONCE ? Circumstances.HELD_AFTER_COMMIT : Circumstances.USUAL).stream();
    }
}
