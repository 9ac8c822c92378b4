package io.tally.planted;

import io.tally.store.Acknowledged;
import io.tally.store.LedgerStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Transactions that are not whole. */
public final class TransactionFaults {
    private static @Nullable KafkaConsumer<byte[], byte[]> consumer;

    private TransactionFaults() {}

    /** Keeps the stream thread's consumer. */
    public static final class KeepsConsumer {
        private KeepsConsumer() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter(@Advice.This KafkaConsumer<byte[], byte[]> polling) {
            consumer = polling;
        }
    }

    private static void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (consumer != null && !offsets.isEmpty()) {
            consumer.commitSync(offsets);
            Fired.now();
        }
    }

    /** Commits the offsets beside the transaction, when it has committed. */
    public static final class OffsetsAfterwards {
        private static Map<TopicPartition, OffsetAndMetadata> waiting = Map.of();

        private OffsetsAfterwards() {}

        /** In place of adding them. */
        public static final class Keeps {
            private Keeps() {}

            @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
            public static boolean enter(@Advice.Argument(0) Map<TopicPartition, OffsetAndMetadata> offsets) {
                waiting = Map.copyOf(offsets);
                return true;
            }
        }

        public static final class Commits {
            private Commits() {}

            @Advice.OnMethodExit(inline = false)
            public static void exit() {
                commit(waiting);
                waiting = Map.of();
            }
        }
    }

    /** Commits the offsets beside the transaction, before it has committed. */
    public static final class OffsetsBefore {
        private OffsetsBefore() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter(@Advice.Argument(0) Map<TopicPartition, OffsetAndMetadata> offsets) {
            commit(offsets);
        }
    }

    /** Tells the stores of the commit before there is one. */
    public static final class StoreWrittenBefore {
        private StoreWrittenBefore() {}

        @Advice.OnMethodEnter(inline = false)
        public static void enter(
                @Advice.This Object producer, @Advice.Argument(0) Map<TopicPartition, OffsetAndMetadata> offsets) {
            Fired.now();
            Object scope = Inside.field(producer, "scope");
            Inside.call(scope, "offsetsAdded", offsets);
            Consumer<Throwable> ignored = failure -> {};
            Inside.call(scope, "committed", ignored);
        }
    }

    /** Brings the overlay to the database when the transaction fails. */
    public static final class OverlayAppliedOnAbort {
        private static final Set<LedgerStore> WRITTEN = Collections.newSetFromMap(new IdentityHashMap<>());
        private static final Map<TopicPartition, Long> ACKNOWLEDGED = new ConcurrentHashMap<>();

        private OverlayAppliedOnAbort() {}

        public static final class Puts {
            private Puts() {}

            @Advice.OnMethodExit(inline = false)
            public static void exit(@Advice.This LedgerStore store) {
                WRITTEN.add(store);
            }
        }

        public static final class Acknowledges {
            private Acknowledges() {}

            @Advice.OnMethodExit(inline = false)
            public static void exit(@Advice.Argument(0) TopicPartition changelog, @Advice.Argument(1) long offset) {
                ACKNOWLEDGED.merge(changelog, offset, Math::max);
            }
        }

        public static final class GivesUp {
            private GivesUp() {}

            @Advice.OnMethodEnter(inline = false)
            public static void enter() {
                for (LedgerStore store : new HashSet<>(WRITTEN)) {
                    int size = (int) Inside.call(Inside.call(store, "overlay"), "size");
                    if (size > 0) {
                        Fired.now();
                        long last = ACKNOWLEDGED.getOrDefault(store.changelog(), 0L);
                        store.committed(new Acknowledged(size, last, last)).complete();
                        Inside.call(Inside.call(store, "db"), "flush");
                    }
                }
            }
        }
    }

    /** Restores what was aborted. */
    public static final class UncommittedRestored {
        private UncommittedRestored() {}

        @Advice.OnMethodEnter(inline = false)
        @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
        public static Map<String, Object> enter(@Advice.Argument(0) Map<String, Object> config) {
            Fired.now();
            Map<String, Object> reading = new HashMap<>(config);
            reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
            return reading;
        }
    }
}
