package io.tally.stream;

import io.tally.wire.JournalRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Puts a transaction's journal entries, of which Kafka Streams makes a record each, several into one record (ADR 33). Each
 * partition has an open record, which is sent when it is full, or when it is asked to. For the thread that decides.
 */
final class JournalPacker {
    private final Map<Integer, Packed> openByPartition = new HashMap<>();
    private final Consumer<Packed> sink;

    /** @param sink sends a record; when it throws, the record is not sent, and the transaction must not commit */
    JournalPacker(Consumer<Packed> sink) {
        this.sink = sink;
    }

    /** A record under way to the brokers, or still open. */
    static final class Packed {
        private final JournalRecord content;
        private final CompletableFuture<RecordMetadata> outcome = new CompletableFuture<>();
        private ProducerRecord<byte[], byte[]> latest;
        private @Nullable Callback callback;

        private Packed(ProducerRecord<byte[], byte[]> first, @Nullable Callback callback) {
            this.content = new JournalRecord(first.key(), first.value());
            this.latest = first;
            this.callback = callback;
        }

        private void add(ProducerRecord<byte[], byte[]> entry, @Nullable Callback itsCallback) {
            content.add(entry.key(), entry.value());
            latest = entry;
            if (itsCallback != null) {
                callback = itsCallback;
            }
        }

        int entries() {
            return content.entries();
        }

        /** As it goes to the brokers, with the time of its last entry's command. */
        ProducerRecord<byte[], byte[]> toKafka() {
            return new ProducerRecord<>(
                    latest.topic(),
                    latest.partition(),
                    latest.timestamp(),
                    content.key(),
                    content.value(),
                    latest.headers());
        }

        /** Tells of it whoever sent its entries: by its last callback, as all would be told the same. */
        void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
            if (failure == null) {
                outcome.complete(metadata);
            } else {
                outcome.completeExceptionally(failure);
            }
            if (callback != null) {
                callback.onCompletion(metadata, failure);
            }
        }
    }

    /**
     * Takes an entry.
     *
     * @param entry has its partition
     * @param callback is told of the record, unless that of a later entry in it is
     * @return the record that the entry is in; comes to nothing when it is never sent
     */
    Future<RecordMetadata> add(ProducerRecord<byte[], byte[]> entry, @Nullable Callback callback) {
        Integer partition = Objects.requireNonNull(entry.partition(), "partition");
        Packed open = openByPartition.get(partition);
        if (open == null) {
            open = new Packed(entry, callback);
            openByPartition.put(partition, open);
        } else {
            open.add(entry, callback);
        }
        if (open.content.isFull()) {
            openByPartition.remove(partition);
            sink.accept(open);
        }
        return open.outcome;
    }

    /** Whether no entry waits to be sent. */
    boolean isEmpty() {
        return openByPartition.isEmpty();
    }

    /** Sends one of the open records, of which there must be one. */
    void sendOne() {
        sink.accept(openByPartition.remove(openByPartition.keySet().iterator().next()));
    }
}
