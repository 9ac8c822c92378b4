package io.tally.app.doctor;

import com.sun.management.OperatingSystemMXBean;
import io.tally.dev.DirectoryLock;
import io.tally.store.StoreMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This machine: Java, memory, the data directory and its disk.
 *
 * @param storeMemoryMb what RocksDB may take beside the heap, MiB
 * @param minFreeDiskMb below this the instance is not ready, MiB
 */
public record MachineCheck(Path dataDirectory, int storeMemoryMb, int minFreeDiskMb) {
    private static final int MIB_SHIFT = 20;

    /** Of all memory; the rest is for threads, buffers of the clients and the system. */
    private static final double MEMORY_SHARE = 0.85;

    /** The least store memory there is: enough to load RocksDB. */
    private static final long SMALLEST_STORE = 16L << MIB_SHIFT;

    /** What was found. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(memory());
        findings.add(rocksDb());
        findings.add(directory());
        findings.add(disk());
        return findings;
    }

    private Finding memory() {
        long heap = Runtime.getRuntime().maxMemory() >> MIB_SHIFT;
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> MIB_SHIFT;
        String text = "Java " + Runtime.version() + ", heap up to " + heap + " MiB and RocksDB up to " + storeMemoryMb
                + " MiB of " + all + " MiB";
        return heap + storeMemoryMb <= all * MEMORY_SHARE
                ? Finding.ok("memory", text)
                : Finding.warning(
                        "memory",
                        text + ": the system may end the process for want of memory",
                        "Give the Java machine less (-Xmx in TALLY_JAVA_OPTS), or lower TALLY_STORE_MEMORY_MB.");
    }

    private static Finding rocksDb() {
        try {
            StoreMemory unused = new StoreMemory(SMALLEST_STORE);
            return Finding.ok("RocksDB", "its native library can be loaded");
        } catch (LinkageError | RuntimeException e) {
            return Finding.problem(
                    "RocksDB",
                    "its native library cannot be loaded: " + e.getMessage(),
                    "It is unpacked into " + System.getProperty("java.io.tmpdir")
                            + ", which must be writable and may not be mounted with noexec;"
                            + " name another directory by -Djava.io.tmpdir in TALLY_JAVA_OPTS.");
        }
    }

    private Finding directory() {
        Path lockFile = dataDirectory.resolve("lock");
        try {
            if (!Files.exists(dataDirectory)) {
                Path parent = existing(dataDirectory);
                // Root may write everywhere, it seems; what has no room at all is no disk.
                return Files.isWritable(parent) && Files.getFileStore(parent).getTotalSpace() > 0
                        ? Finding.ok("data directory", dataDirectory + " is not there yet and can be made")
                        : notWritable(parent);
            }
            if (!Files.isWritable(dataDirectory)) {
                return notWritable(dataDirectory);
            }
            if (!Files.exists(lockFile)) {
                return Finding.ok("data directory", dataDirectory + " can be used");
            }
            // To try the lock would be to hold it for a moment, and a start in that moment would be refused.
            return Finding.ok(
                    "data directory", dataDirectory + " can be used; last by " + DirectoryLock.owner(lockFile));
        } catch (IOException e) {
            return notWritable(dataDirectory);
        }
    }

    private static Finding notWritable(Path directory) {
        return Finding.problem(
                "data directory",
                directory + " cannot be written to by this user",
                "Set TALLY_DATA_DIR to a directory of this user's, on a disk that survives a restart.");
    }

    private Finding disk() {
        try {
            long free = Files.getFileStore(existing(dataDirectory)).getUsableSpace() >> MIB_SHIFT;
            String text = free + " MiB are free for " + dataDirectory;
            return free >= minFreeDiskMb
                    ? Finding.ok("disk", text)
                    : Finding.problem(
                            "disk",
                            text + ", and TALLY_MIN_FREE_DISK_MB is " + minFreeDiskMb + ": it would not become ready",
                            "Make room, or move the directory to a larger disk while the instance is stopped.");
        } catch (IOException e) {
            return Finding.warning("disk", "its free space is not known: " + e.getMessage(), "Check TALLY_DATA_DIR.");
        }
    }

    /** The directory, or the one above it that is there. */
    private static Path existing(Path directory) {
        Path found = directory.toAbsolutePath();
        while (!Files.exists(found) && found.getParent() != null) {
            found = found.getParent();
        }
        return found;
    }
}
