package io.tally.planted;

import io.tally.audit.ReferenceModel;
import java.nio.charset.StandardCharsets;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records that are not sent, or not in turn. Each happens once in a run, when no abort can undo it any more. */
public final class SendFaults {
    private SendFaults() {}

    private static boolean isOutcome(ProducerRecord<byte[], byte[]> record) {
        return record.topic().endsWith("transactions-out");
    }

    private static boolean dropped(boolean candidate) {
        if (candidate && Circumstances.undisturbed() && Once.claim()) {
            Fired.now();
            return true;
        }
        return false;
    }

    public static final class OutcomeDropped {
        private OutcomeDropped() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter(@Advice.Argument(0) ProducerRecord<byte[], byte[]> record) {
            return dropped(isOutcome(record));
        }
    }

    public static final class DeadLetterDropped {
        private DeadLetterDropped() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter(@Advice.Argument(0) ProducerRecord<byte[], byte[]> record) {
            return dropped(record.topic().endsWith("transactions-dlq"));
        }
    }

    public static final class JournalRecordDropped {
        private JournalRecordDropped() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter() {
            return dropped(true);
        }
    }

    public static final class CopyDropped {
        private CopyDropped() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter(@Advice.Argument(0) ProducerRecord<byte[], byte[]> record) {
            return dropped(record.topic().endsWith("transactions-in"));
        }
    }

    /** Holds one outcome back until the next of its partition has been sent. */
    public static final class OutcomesSwapped {
        private static @Nullable ProducerRecord<byte[], byte[]> held;
        private static @Nullable Callback heldCallback;

        private OutcomesSwapped() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter(
                @Advice.Argument(0) ProducerRecord<byte[], byte[]> record, @Advice.Argument(1) Callback callback) {
            if (held == null && isOutcome(record) && Circumstances.undisturbed() && Once.claim()) {
                held = record;
                heldCallback = callback;
                return true;
            }
            return false;
        }

        @Advice.OnMethodExit(inline = false)
        public static void exit(
                @Advice.This Object producer,
                @Advice.Enter boolean skipped,
                @Advice.Argument(0) ProducerRecord<byte[], byte[]> record) {
            ProducerRecord<byte[], byte[]> late = held;
            if (!skipped && late != null && isOutcome(record) && partition(late) == partition(record)) {
                held = null;
                Fired.now();
                Inside.call(producer, "send", late, heldCallback);
            }
        }

        private static int partition(ProducerRecord<byte[], byte[]> record) {
            String user = new String(record.key(), StandardCharsets.UTF_8);
            return ReferenceModel.partition(user, PlantedLedger.PARTITIONS);
        }
    }
}
