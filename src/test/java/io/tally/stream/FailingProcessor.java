package io.tally.stream;

import io.tally.ledger.Account;
import io.tally.store.LedgerStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's processor, failing once at each user whose name says where. The failure is the one that Kafka Streams itself
 * raises when a send has timed out.
 */
final class FailingProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    /** Fails before anything of the record is done. */
    static final String BEFORE = "fails-before-";
    /** Fails when the outcome is sent and the journal entry is not. */
    static final String BETWEEN = "fails-between-";
    /** Brings the entry to the store but not to the journal topic. */
    static final String UNJOURNALLED = "unjournalled-";

    /**
     * What to start a ledger with.
     *
     * @param failed users whose failure is over
     * @param processed users whose records came to their end
     * @param early users whose entry was in the store before their outcome was sent
     */
    record Supplier(Set<String> failed, Set<String> processed, Set<String> early)
            implements Function<LedgerParts, ProcessorSupplier<byte[], byte[], byte[], byte[]>> {
        Supplier() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        @Override
        public ProcessorSupplier<byte[], byte[], byte[], byte[]> apply(LedgerParts parts) {
            return () -> new FailingProcessor(parts, this);
        }
    }

    private final LedgerParts parts;
    private final Supplier supplier;
    private final LedgerProcessor processor;
    private @Nullable ProcessorContext<byte[], byte[]> context;
    private String user = "";

    private FailingProcessor(LedgerParts parts, Supplier supplier) {
        this.parts = parts;
        this.supplier = supplier;
        this.processor = new LedgerProcessor(parts);
    }

    @Override
    @SuppressWarnings("unchecked") // A proxy of one interface.
    public void init(ProcessorContext<byte[], byte[]> given) {
        context = given;
        processor.init(proxy(ProcessorContext.class, (proxy, method, arguments) -> {
            Object answer = call(given, method, arguments);
            if (method.getName().equals("forward")) {
                noteEarly();
                failOnce(BETWEEN);
            }
            return answer instanceof KeyValueStore<?, ?> store
                    ? withoutJournal((KeyValueStore<Bytes, byte[]>) store)
                    : answer;
        }));
    }

    @SuppressWarnings("unchecked") // A proxy of one interface.
    private KeyValueStore<Bytes, byte[]> withoutJournal(KeyValueStore<Bytes, byte[]> journal) {
        return proxy(KeyValueStore.class, (proxy, method, arguments) -> {
            if (method.getName().equals("put")
                    && user.startsWith(UNJOURNALLED)
                    && supplier.failed().add(user)) {
                LedgerStore inner = parts.stores().storeOf(context.taskId().partition());
                return call(inner, method, arguments);
            }
            return call(journal, method, arguments);
        });
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        user = DriverLedger.text(record.key());
        failOnce(BEFORE);
        processor.process(record);
        supplier.processed().add(user);
    }

    @Override
    public void close() {
        processor.close();
    }

    private void noteEarly() {
        LedgerStore store = parts.stores().storeOf(context.taskId().partition());
        if (store.view().head(new Account(user, "USD")).sequence() > 0) {
            supplier.early().add(user);
        }
    }

    private void failOnce(String mark) {
        if (user.startsWith(mark) && supplier.failed().add(user)) {
            throw new TaskCorruptedException(Set.of(context.taskId()));
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(FailingProcessor.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
