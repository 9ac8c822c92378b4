package io.tally.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A stream thread's producer, which tells the thread's stores how its transactions end.
 *
 * <p><b>One shot.</b> After the first abort, failed send or failed commit it refuses everything, as if it were fenced.
 * Closing one task unclean aborts the transaction of all tasks of the thread; the others would go on, and commit offsets of
 * records whose outcomes were aborted. Refused as fenced, Kafka Streams drops all its tasks, takes a new producer and reads
 * again from the committed offsets.
 */
final class TxProducer extends KafkaProducer<byte[], byte[]> {
    private static final String NOT_JOURNALLED = "a record could not be sent to the journal";

    private final TxScope scope;
    private final ClientParts parts;
    private final String transactionalId;
    private final JournalPacker journal = new JournalPacker(this::sendJournal);
    private volatile boolean spent;

    TxProducer(Map<String, Object> config, TxScope scope, ClientParts parts) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.scope = scope;
        this.parts = parts;
        this.transactionalId = String.valueOf(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG));
    }

    @Override
    public void initTransactions() {
        parts.transactions().ownIds().add(transactionalId);
        super.initTransactions();
        parts.transactions().bindToThread(scope);
    }

    @Override
    public void beginTransaction() {
        refuseIfSpent();
        super.beginTransaction();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        if (spent) {
            // Streams looks for the fencing in the cause here, and for the exception itself everywhere else.
            throw new KafkaException("The producer is spent", fenced());
        }
        if (record.topic().equals(parts.topics().journal())) {
            return journal.add(record, callback);
        }
        return super.send(routed(record), (metadata, failure) -> {
            if (failure == null) {
                // Kafka Streams would only count it: a twentieth of the service's processor time (ADR 32).
                return;
            }
            giveUp("a record could not be sent to " + record.topic(), failure);
            if (callback != null) {
                callback.onCompletion(metadata, failure);
            }
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of it.
    private void sendJournal(JournalPacker.Packed packed) {
        try {
            super.send(packed.toKafka(), (metadata, failure) -> {
                if (failure != null) {
                    giveUp(NOT_JOURNALLED, failure);
                } else {
                    scope.acknowledged(
                            new TopicPartition(metadata.topic(), metadata.partition()),
                            metadata.offset(),
                            packed.entries());
                }
                // Kafka Streams remembers how far the journal came.
                packed.onCompletion(metadata, failure);
            });
        } catch (RuntimeException | Error e) {
            // Its entries are nowhere else: the transaction must not commit.
            giveUp(NOT_JOURNALLED, e);
            throw e;
        }
    }

    /** Sends what the journal has open as well: Kafka Streams flushes before each commit. */
    @Override
    public void flush() {
        while (!spent && !journal.isEmpty()) {
            journal.sendOne();
        }
        super.flush();
    }

    /**
     * Users keep their partition whatever has become of the topics: it is computed with the ledger's own partition count and
     * not with what the cluster's metadata says.
     */
    private ProducerRecord<byte[], byte[]> routed(ProducerRecord<byte[], byte[]> record) {
        LedgerTopics topics = parts.topics();
        boolean byUser =
                record.topic().equals(topics.output()) || record.topic().equals(topics.input());
        if (!byUser || record.partition() != null) {
            return record;
        }
        return new ProducerRecord<>(
                record.topic(),
                parts.partitions().of(record.key()),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers());
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        refuseIfSpent();
        Set<Integer> missing = scope.missingFrom(offsets);
        if (!missing.isEmpty()) {
            throw refused(
                    "a commit left out the offsets of partitions " + missing + ", which the transaction has read");
        }
        if (!journal.isEmpty()) {
            // Kafka Streams has flushed; whoever has not does now.
            flush();
        }
        Set<Integer> notJournalled = scope.notJournalled();
        if (!notJournalled.isEmpty()) {
            throw refused("a commit came before the journal had the entries of partitions " + notJournalled);
        }
        scope.commitBegins();
        try {
            super.sendOffsetsToTransaction(offsets, groupMetadata);
        } catch (KafkaException e) {
            giveUp("the input offsets could not be added to the transaction", e);
            throw e;
        }
        scope.offsetsAdded(offsets);
    }

    @Override
    public void commitTransaction() {
        refuseIfSpent();
        if (!journal.isEmpty()) {
            throw refused("a commit left out entries of the journal");
        }
        try {
            super.commitTransaction();
        } catch (KafkaException e) {
            // After a time-out it may or may not have committed. The next start sees which.
            giveUp("the transaction could not be committed", e);
            throw e;
        }
        try {
            scope.committed(this::giveUpStores);
        } catch (RuntimeException | Error e) {
            giveUpStores(e);
            throw e;
        }
    }

    @Override
    public void abortTransaction() {
        giveUp("a transaction is to be aborted", null);
        try {
            scope.aborted();
        } finally {
            super.abortTransaction();
        }
    }

    private void giveUpStores(Throwable cause) {
        giveUp("a committed transaction could not be brought to the store", cause);
    }

    private void giveUp(String reason, @Nullable Throwable cause) {
        if (!spent) {
            spent = true;
            parts.failStop().stop(reason, cause);
        }
    }

    private void refuseIfSpent() {
        if (spent) {
            throw fenced();
        }
    }

    /** Gives up before a commit is one, so that nothing of it has happened. */
    private ProducerFencedException refused(String reason) {
        giveUp(reason, null);
        return fenced();
    }

    private static ProducerFencedException fenced() {
        return new ProducerFencedException("This producer has failed once and is not used again");
    }
}
