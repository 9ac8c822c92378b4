package io.tally.app;

/**
 * How one instance works.
 *
 * @param storeMemoryMb bound of block cache and memtables together, MiB, 16 to 1048576
 * @param minFreeDiskMb what must be free on the disk of the state, MiB, 0 to 1048576; 0 for no such floor
 * @param standbyReplicas further instances that keep a copy of each partition's state, 0 to 9
 * @param streamThreads threads that decide commands, 1 to 64
 */
public record ProcessingConfig(int storeMemoryMb, int minFreeDiskMb, int standbyReplicas, int streamThreads) {
    static ProcessingConfig of(SettingValues values) {
        return new ProcessingConfig(
                values.number(Setting.TALLY_STORE_MEMORY_MB),
                values.number(Setting.TALLY_MIN_FREE_DISK_MB),
                values.number(Setting.TALLY_STANDBY_REPLICAS),
                values.number(Setting.TALLY_STREAM_THREADS));
    }
}
