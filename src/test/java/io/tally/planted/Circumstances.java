package io.tally.planted;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What befalls every build, broken or not, so that a kill meets what it rarely meets in a short run: a transaction that is
 * open and has written everything, and a database that has come some of the way to the disk.
 */
public final class Circumstances {
    static final String HELD = "holding a transaction open";
    /** The property that says how long, in milliseconds; none is held without it. */
    static final String HOLD_MS = "tally.planted.hold.ms";

    private static final Point SENDS = new Point("io.tally.stream.TxProducer", "send", Sends.class);
    private static final Point FLUSHES = new Point("io.tally.store.LedgerDb", "write", Flushes.class);

    /** With the hold where all is sent and acknowledged, before the input offsets are added. */
    static final List<Point> USUAL = List.of(
            SENDS,
            FLUSHES,
            new Point("io.tally.stream.TxProducer", "sendOffsetsToTransaction", HoldsBeforeOffsets.class));

    /** With the hold behind the commit. */
    static final List<Point> HELD_AFTER_COMMIT = List.of(
            SENDS,
            FLUSHES,
            new Point("org.apache.kafka.clients.producer.KafkaProducer", "commitTransaction", HoldsAfterCommit.class));

    /** Some, so that there is something to come back to, and few, so that the last transactions are not on the disk. */
    private static final int WRITES_BEFORE_FLUSH = 4;

    private static final int TRANSACTIONS_BEFORE_HOLD = 8;
    private static final int RECORDS_OF_HELD = 12;

    private static final Map<Object, Integer> WRITES = Collections.synchronizedMap(new IdentityHashMap<>());

    // Of the one stream thread.
    private static int transactions;
    private static int records;
    private static boolean deadLetters;
    private static boolean copies;
    private static boolean held;

    private Circumstances() {}

    /** Whether nobody will kill or fence this process. */
    static boolean undisturbed() {
        return Long.getLong(HOLD_MS) == null;
    }

    /** Notes what the transaction holds. */
    public static final class Sends {
        private Sends() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter(@Advice.Argument(0) ProducerRecord<byte[], byte[]> record) {
            records++;
            deadLetters |= record.topic().endsWith("transactions-dlq");
            copies |= record.topic().endsWith("transactions-in");
        }
    }

    /** Brings the database to the disk once, as full memtables do. */
    public static final class Flushes {
        private Flushes() {}

        @Advice.OnMethodExit(inline = false)
        public static void exit(@Advice.This Object database) {
            if (WRITES.merge(database, 1, Integer::sum) == WRITES_BEFORE_FLUSH) {
                Inside.call(database, "flush");
            }
        }
    }

    public static final class HoldsBeforeOffsets {
        private HoldsBeforeOffsets() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter() {
            hold();
        }
    }

    public static final class HoldsAfterCommit {
        private HoldsAfterCommit() {}

        @Advice.OnMethodExit(inline = false)
        public static void exit() {
            hold();
        }
    }

    /** Waits, once in a process, when the transaction has something of each kind. */
    private static void hold() {
        transactions++;
        boolean rich = transactions > TRANSACTIONS_BEFORE_HOLD && records >= RECORDS_OF_HELD && deadLetters && copies;
        records = 0;
        deadLetters = false;
        copies = false;
        Long milliseconds = Long.getLong(HOLD_MS);
        if (rich && !held && milliseconds != null) {
            held = true;
            System.out.println(HELD);
            long end = System.nanoTime() + milliseconds * 1_000_000;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
        }
    }
}
