package io.tally.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A database as files: what a kill leaves on the disk, what is in it, and ways to damage it. */
final class DatabaseFiles {
    private DatabaseFiles() {}

    /**
     * Copies the directory of an open database: what the disk would hold after a kill. Tables come last, since the manifest names
     * only whole ones: one that was copied half written beside a later manifest would be what no kill leaves.
     */
    static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            List<Path> tablesLast = list(from, "").stream()
                    .sorted(Comparator.comparing(file -> file.toString().endsWith(".sst")))
                    .toList();
            for (Path file : tablesLast) {
                if (!file.endsWith("LOCK")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies while other threads write, flush and compact; a file that came or went in the middle voids the attempt. */
    static boolean copied(Path from, Path to) {
        try {
            List<Path> before = list(from, "");
            copy(from, to);
            return list(from, "").equals(before);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return false;
            }
            throw e;
        }
    }

    static List<Path> list(Path directory, String part) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        }
    }

    /** The write-ahead log of the memtable that was filled first, of those that have not been flushed. */
    static Path firstLog(Path directory) throws IOException {
        return list(directory, ".log").get(0);
    }

    /** The write-ahead log of the memtable that takes what is written now. */
    static Path lastLog(Path directory) throws IOException {
        List<Path> logs = list(directory, ".log");
        return logs.get(logs.size() - 1);
    }

    /** The data file that has most of the rows. */
    static Path largest(Path directory) throws IOException {
        Path largest = null;
        for (Path file : list(directory, ".sst")) {
            if (largest == null || Files.size(file) > Files.size(largest)) {
                largest = file;
            }
        }
        if (largest == null) {
            throw new AssertionError("Expected data files in " + directory);
        }
        return largest;
    }

    static void flip(Path file, long position) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[(int) position] ^= 0x55;
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a database that nobody has open, with one byte of its largest file changed: at a part of it, of so many. */
    static void copyFlipped(Path from, Path to, int part, int parts) throws IOException {
        copy(from, to);
        Path file = largest(to);
        flip(file, Files.size(file) * part / parts);
    }

    /** Opens a database with a cache of its own: a shared one would answer from before a damage. */
    static LedgerDb openAfresh(Path directory) {
        return new StoreDirectory(directory).open(StoreRig.ORIGIN, new StoreResources(16L << 20));
    }

    static void truncate(Path file, long length) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) length));
    }

    /** As the system makes of a file that has its length before the disk has the rest of it. */
    static void zero(Path file, long from) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) from, bytes.length, (byte) 0);
        Files.write(file, bytes);
    }

    /** What a database that nobody has open holds under a key. */
    static byte @Nullable [] get(Path directory, byte[] key) {
        try (DatabaseOptions options = new DatabaseOptions(StoreRig.RESOURCES.memory());
                RocksDB rocks = RocksDB.openReadOnly(options.options(), directory.toString())) {
            return rocks.get(key);
        } catch (RocksDBException e) {
            throw new AssertionError("Expected to read " + directory, e);
        }
    }

    /** Everything that a database holds on disk, in hexadecimal. */
    static SortedMap<String, String> contents(Path directory) {
        SortedMap<String, String> contents = new TreeMap<>();
        try (DatabaseOptions options = new DatabaseOptions(StoreRig.RESOURCES.memory());
                RocksDB rocks = RocksDB.openReadOnly(options.options(), directory.toString());
                RocksIterator rows = rocks.newIterator()) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                contents.put(
                        HexFormat.of().formatHex(rows.key()), HexFormat.of().formatHex(rows.value()));
            }
            rows.status();
        } catch (RocksDBException e) {
            throw new AssertionError("Expected to read " + directory, e);
        }
        return contents;
    }
}
