package io.tally.planted;

import io.tally.stream.Verdict;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Records that go where they should not. */
public final class RoutingFaults {
    private RoutingFaults() {}

    /** Decides a record where it stands. */
    public static final class WrongPartitionDecided {
        private WrongPartitionDecided() {}

        @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
        public static boolean enter(
                @Advice.This Object processor, @Advice.Argument(0) Object input, @Advice.Argument(1) Object command) {
            Object partitions = Inside.call(Inside.field(processor, "parts"), "partitions");
            int right = (int) Inside.call(partitions, "of", Inside.call(command, "userId"));
            if (right == (int) Inside.call(input, "partition")) {
                return false;
            }
            Fired.now();
            Inside.call(processor, "decide", input, command);
            return true;
        }
    }

    /** Forwards an outcome before it is known whether the uid had one: a repeat gets it again. */
    public static final class ForwardedBeforeDecided {
        private ForwardedBeforeDecided() {}

        @Advice.OnMethodEnter(inline = false)
        @SuppressWarnings("unchecked")
        public static void enter(
                @Advice.This Object processor, @Advice.Argument(0) Object input, @Advice.Argument(1) Verdict verdict) {
            if (verdict instanceof Verdict.Decided decided && decided.repeated()) {
                Fired.now();
                Object outcomes = Inside.call(Inside.field(processor, "parts"), "outcomes");
                Object outcome = Inside.call(outcomes, "of", decided.entry(), input);
                ProcessorContext<byte[], byte[]> context =
                        (ProcessorContext<byte[], byte[]>) Inside.call(processor, "context");
                context.forward((Record<byte[], byte[]>) outcome, "outcomes");
            }
        }
    }
}
