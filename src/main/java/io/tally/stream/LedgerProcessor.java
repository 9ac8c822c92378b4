package io.tally.stream;

import io.tally.ledger.Command;
import io.tally.ledger.Decision;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Ledger;
import io.tally.ledger.Source;
import io.tally.store.LedgerStore;
import io.tally.wire.CommandDecoder;
import io.tally.wire.DeadLetterCode;
import io.tally.wire.Decoded;
import io.tally.wire.Flaw;
import io.tally.wire.JournalCodec;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Decides the records of one partition, one after the other. Whatever a record holds, it becomes exactly one of: an outcome
 * with its journal entry, nothing (a repeat), a dead letter, or a copy on its way to the right partition. No input throws.
 *
 * <p>The outcome is forwarded first and the journal entry put last, with nothing caught in between: whatever fails before
 * the put leaves no trace in the store.
 */
final class LedgerProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private final LedgerParts parts;
    private final CommandDecoder decoder;
    private final Ledger ledger;
    private @Nullable Task task;

    /** What the processor has once its task is active and restored. */
    private record Task(
            ProcessorContext<byte[], byte[]> context, LedgerStore store, KeyValueStore<Bytes, byte[]> journal) {}

    LedgerProcessor(LedgerParts parts) {
        this.parts = parts;
        this.decoder = new CommandDecoder(parts.currencies(), parts.settings().defaultCurrency());
        this.ledger = new Ledger(parts.settings(), parts.currencies());
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        LedgerStore store = parts.stores().storeOf(context.taskId().partition());
        KeyValueStore<Bytes, byte[]> journal = context.getStateStore(LedgerTopics.STORE);
        task = new Task(context, store, journal);
        store.inputCommitted(
                parts.transactions().current().committedInput(context.taskId().partition()));
        store.serve();
    }

    @Override
    public void close() {
        if (task != null) {
            task.store().stopServing();
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Input input = Input.of(record, context());
        parts.transactions().current().touch(input.partition(), context());
        store().enlist();
        Decoded decoded = decoder.decode(record.key(), record.value(), input.format(), input.recordedAt());
        if (decoded instanceof Decoded.Valid valid) {
            route(input, valid.command());
        } else if (decoded instanceof Decoded.Invalid invalid) {
            deadLetter(input, invalid.first());
        }
    }

    private void route(Input input, Command command) {
        if (parts.partitions().of(command.userId()) == input.partition()) {
            decide(input, command);
        } else if (input.wasRerouted()) {
            deadLetter(
                    input,
                    new Flaw(
                            DeadLetterCode.KEY_MISMATCH,
                            "",
                            "The record was re-routed before and is still not at its user's partition"));
        } else {
            parts.counters().rerouted();
            byte[] key = command.userId().getBytes(StandardCharsets.UTF_8);
            context().forward(input.rerouted(key), LedgerTopology.REROUTED);
        }
    }

    private void decide(Input input, Command command) {
        Source source = new Source(input.partition(), input.offset());
        Decision decision = ledger.decide(command, input.recordedAt(), source, store().view());
        if (decision instanceof Decision.Decided decided) {
            journal(input, decided.entry());
        } else if (decision instanceof Decision.Repeated repeated) {
            parts.counters().repeated(command.type());
            answer(input, new Verdict.Decided(repeated.first(), true));
        } else if (decision instanceof Decision.Conflicting conflicting) {
            deadLetter(input, Flaw.conflict(conflicting.field()));
        }
    }

    private void journal(Input input, JournalEntry entry) {
        context().forward(parts.outcomes().of(entry, input), LedgerTopology.OUTCOMES);
        byte[] key = JournalCodec.key(entry);
        byte[] value = JournalCodec.value(entry);
        store().announce(entry, key, value);
        journalStore().put(Bytes.wrap(key), value);
        parts.counters().decided(entry);
        answer(input, new Verdict.Decided(entry, false));
    }

    private void deadLetter(Input input, Flaw flaw) {
        parts.counters().deadLetter(flaw.code());
        context().forward(parts.deadLetters().of(input, flaw), LedgerTopology.DEAD_LETTERS);
        answer(input, new Verdict.Undecidable(flaw));
    }

    private void answer(Input input, Verdict verdict) {
        parts.transactions().current().answer(RequestId.of(input.record().headers()), verdict);
    }

    private ProcessorContext<byte[], byte[]> context() {
        return task().context();
    }

    private LedgerStore store() {
        return task().store();
    }

    private KeyValueStore<Bytes, byte[]> journalStore() {
        return task().journal();
    }

    private Task task() {
        if (task == null) {
            throw new IllegalStateException("Expected an initialised processor, but it was not");
        }
        return task;
    }
}
