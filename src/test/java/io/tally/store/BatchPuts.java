package io.tally.store;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.WriteBatch;

/** The puts of a batch, in its order, as RocksDB finds them. Anything else in it is an error. */
final class BatchPuts extends WriteBatch.Handler {
    record Put(byte[] key, byte[] value) {}

    private final List<Put> puts = new ArrayList<>();

    List<Put> all() {
        return puts;
    }

    @Override
    public void put(int columnFamily, byte[] key, byte[] value) {
        if (columnFamily != 0) {
            throw unexpected("put to column family " + columnFamily);
        }
        puts.add(new Put(key, value));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        throw unexpected("put without a column family");
    }

    @Override
    public void merge(int columnFamily, byte[] key, byte[] value) {
        throw unexpected("merge");
    }

    @Override
    public void merge(byte[] key, byte[] value) {
        throw unexpected("merge");
    }

    @Override
    public void delete(int columnFamily, byte[] key) {
        throw unexpected("delete");
    }

    @Override
    public void delete(byte[] key) {
        throw unexpected("delete");
    }

    @Override
    public void singleDelete(int columnFamily, byte[] key) {
        throw unexpected("single delete");
    }

    @Override
    public void singleDelete(byte[] key) {
        throw unexpected("single delete");
    }

    @Override
    public void deleteRange(int columnFamily, byte[] from, byte[] to) {
        throw unexpected("delete of a range");
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
        throw unexpected("delete of a range");
    }

    @Override
    public void logData(byte[] blob) {
        throw unexpected("data for the log");
    }

    @Override
    public void putBlobIndex(int columnFamily, byte[] key, byte[] value) {
        throw unexpected("blob");
    }

    @Override
    public void markBeginPrepare() {
        throw unexpected("mark");
    }

    @Override
    public void markEndPrepare(byte[] xid) {
        throw unexpected("mark");
    }

    @Override
    public void markNoop(boolean emptyBatch) {
        throw unexpected("mark");
    }

    @Override
    public void markRollback(byte[] xid) {
        throw unexpected("mark");
    }

    @Override
    public void markCommit(byte[] xid) {
        throw unexpected("mark");
    }

    @Override
    public void markCommitWithTimestamp(byte[] xid, byte[] timestamp) {
        throw unexpected("mark");
    }

    private static AssertionError unexpected(String what) {
        return new AssertionError("Expected nothing but puts in a batch, but there is a " + what);
    }
}
