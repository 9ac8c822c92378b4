package io.tally.store;

import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/** Every RocksDB setting that matters, each with its reason. Closed after the database. */
final class DatabaseOptions implements AutoCloseable {
    /**
     * The larger a memtable, the more of its heads are of the same accounts, of which a flush writes the latest only
     * (ADR 34); and the more of its log is read at the start after a kill.
     */
    private static final long MEMTABLE_BYTES = 24L << 20;

    /** While one is flushed, the next takes the writes. With more, flushes that lag would take more memory (ADR 34). */
    private static final int MEMTABLES = 2;

    private static final long TABLE_BYTES = 32L << 20;
    private static final long BLOCK_BYTES = 8L << 10;
    /** Of a part of an index or a filter. */
    private static final long METADATA_BLOCK_BYTES = 4L << 10;

    /** About 1 % false positives: a look-up of a new uid ends here when {@link KnownUids} cannot rule it out. */
    private static final double BLOOM_BITS_PER_KEY = 10;

    /**
     * Filters of memtables: some 15 bits for a key when one is full. A filter takes its room from the beginning, also in a
     * partition that nothing is written to. 105,000 commands a second with them, 90,000 without (ADR 1); later no difference
     * (ADR 21).
     */
    private static final double MEMTABLE_BLOOM_RATIO = 0.02;

    /** Of each partition. By RocksDB's own choice all files would stay open, ever more as the history grows. */
    private static final int MAX_OPEN_FILES = 500;

    private static final long KEEP_INFO_LOG_BYTES = 1L << 20;

    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY, false);
    private final Options options = optionsByName();
    private final WriteOptions writes = new WriteOptions();
    private final FlushOptions flush = new FlushOptions();

    DatabaseOptions(StoreMemory memory) {
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setBlockCache(memory.blockCache())
                .setBlockSize(BLOCK_BYTES)
                .setFilterPolicy(bloom)
                // In parts, of which a look-up reads one. A whole filter has up to a MiB: once those of all files no
                // longer fit the cache, nearly each look-up would read one from its file (ADR 30).
                .setPartitionFilters(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setMetadataBlockSize(METADATA_BLOCK_BYTES)
                // What says which part has a key, some 25 KiB for each file: a look-up asks it in each run.
                .setPinTopLevelIndexAndFilter(true)
                // Counted against the bound instead of growing with the number of files.
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(6);
        options.setCreateIfMissing(true)
                .setTableFormatConfig(tables)
                .setWriteBufferManager(memory.memtables())
                .setWriteBufferSize(MEMTABLE_BYTES)
                .setMaxWriteBufferNumber(MEMTABLES)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
                .setMemtableWholeKeyFiltering(true)
                // Whole batches up to the first that is damaged or missing, and none behind it: the database of some
                // earlier moment.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // Otherwise each log would take 26 MiB of the disk with its first batch, also of a partition that is
                // hardly ever written to.
                .setAllowFAllocate(false)
                // One writer, one batch at a time.
                .setAllowConcurrentMemtableWrite(false)
                // ZSTD took more processor time (ADR 16); none takes as much, and a third more room (ADR 21).
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                // Nearly all keys are written once. Levels would rewrite each of them some ten times as the history
                // grows; runs of like size are merged two or three times, and take their room twice meanwhile.
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                // Nothing expires: otherwise all of the history would be rewritten every 30 days.
                .setTtl(0)
                .setPeriodicCompactionSeconds(0)
                .setMaxBackgroundJobs(2)
                // Twice RocksDB's own: half as many compactions, which take processor time from decisions. Filters
                // keep look-ups in more runs cheap; writes are slowed and stopped later as well.
                .setLevel0FileNumCompactionTrigger(8)
                .setLevel0SlowdownWritesTrigger(40)
                .setLevel0StopWritesTrigger(80)
                .setTargetFileSizeBase(TABLE_BYTES)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                // A file goes to the disk while it is written, and not all at once at its end.
                .setBytesPerSync(1L << 20)
                // Its own log: warnings only, and of these the last 2 MiB.
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(KEEP_INFO_LOG_BYTES)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
        // From RocksDB's log what memtables had comes back after a kill, in less time than from the changelog (ADR 35).
        // When a write returns, the system has it and the disk need not: what a loss of power takes of it, the
        // changelog has.
        writes.setDisableWAL(false);
        flush.setWaitForFlush(true);
    }

    /** Those that the binding has by their names only. */
    private static Options optionsByName() {
        Properties ofDatabase = new Properties();
        // Each log says where the one before it ended. While a memtable is flushed there are two, which the disk gets
        // in any order: without this, the later one would be read after a loss of power behind an earlier one that
        // lost its end, and the bookmark would stand behind entries that are not there (ADR 35).
        ofDatabase.setProperty("track_and_verify_wals", "true");
        Properties ofColumnFamily = new Properties();
        // Each index remembers where in the memtable it was put to last. A batch is sorted, so the place of its next
        // key is near by, and found with fewer comparisons.
        ofColumnFamily.setProperty(
                "memtable_insert_with_hint_prefix_extractor", "rocksdb.FixedPrefix." + StoreKeys.INDEX_BYTES);
        try (DBOptions database = DBOptions.getDBOptionsFromProps(ofDatabase);
                ColumnFamilyOptions columnFamily =
                        ColumnFamilyOptions.getColumnFamilyOptionsFromProps(ofColumnFamily)) {
            if (database == null || columnFamily == null) {
                throw new IllegalStateException("Expected RocksDB to know " + ofDatabase + " and " + ofColumnFamily);
            }
            return new Options(database, columnFamily);
        }
    }

    Options options() {
        return options;
    }

    WriteOptions writes() {
        return writes;
    }

    FlushOptions flush() {
        return flush;
    }

    @Override
    public void close() {
        flush.close();
        writes.close();
        options.close();
        bloom.close();
    }
}
