package io.tally.store;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A key-value store that only grows, by one put at a time, and is not asked as a map: whoever takes it for one is refused with an
 * {@link UnsupportedOperationException}. Thread-safe, as it has no state.
 */
abstract class AppendOnlyStore implements KeyValueStore<Bytes, byte[]> {
    @Override
    public byte @Nullable [] get(Bytes key) {
        throw unsupported();
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        throw unsupported();
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        throw unsupported();
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        throw unsupported();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        throw unsupported();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        throw unsupported();
    }

    @Override
    public long approximateNumEntries() {
        return 0;
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("Expected a LedgerQuery or the view, but the journal is no map");
    }
}
