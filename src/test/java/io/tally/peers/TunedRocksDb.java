package io.tally.peers;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/** One block cache for all stores, filters that are consulted before a file is read, and cheap compression. */
public final class TunedRocksDb implements RocksDBConfigSetter {
    private static final Cache BLOCKS = new LRUCache(256L << 20);
    private static final int BLOOM_BITS_PER_KEY = 10;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
        tables.setBlockCache(BLOCKS)
                .setBlockSize(8L << 10)
                .setFilterPolicy(new BloomFilter(BLOOM_BITS_PER_KEY, false))
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        options.setTableFormatConfig(tables)
                .setWriteBufferSize(32L << 20)
                .setMaxWriteBufferNumber(4)
                .setMemtablePrefixBloomSizeRatio(0.1)
                .setMemtableWholeKeyFiltering(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxBackgroundJobs(2);
    }

    /** The cache lives as long as the process. */
    @Override
    public void close(String storeName, Options options) {}
}
