package io.tally.chaos;

import io.tally.rig.Trees;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What befalls the files of an instance that is down. Each returns whether there was anything to harm. */
enum Harm {
    /**
     * A byte in each block of the first half of each table, so that the first reads meet one. What a start reads stands at
     * the end.
     */
    FLIPPED_BYTES {
        @Override
        boolean to(Path data) throws IOException {
            for (Path table : tables(data)) {
                try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                    for (long at = BLOCK / 2; at < file.length() / 2; at += BLOCK) {
                        file.seek(at);
                        int value = file.read();
                        file.seek(at);
                        file.write(value ^ 0x55);
                    }
                }
            }
            return !tables(data).isEmpty();
        }
    },
    MISSING_TABLE {
        @Override
        boolean to(Path data) throws IOException {
            List<Path> tables = tables(data);
            if (tables.isEmpty()) {
                return false;
            }
            Files.delete(tables.stream()
                    .max(Comparator.comparingLong(table -> table.toFile().length()))
                    .orElseThrow());
            return true;
        }
    },
    SHORT_MANIFEST {
        @Override
        boolean to(Path data) throws IOException {
            List<Path> manifests = Trees.list(data, path -> fileName(path).startsWith("MANIFEST-"));
            for (Path manifest : manifests) {
                try (RandomAccessFile file = new RandomAccessFile(manifest.toFile(), "rw")) {
                    file.setLength(file.length() / 2);
                }
            }
            return !manifests.isEmpty();
        }
    },
    LOST {
        @Override
        boolean to(Path data) {
            boolean any = !Trees.list(data, Files::isRegularFile).isEmpty();
            Trees.empty(data);
            return any;
        }
    };

    /** Less than a block of a table holds. */
    private static final int BLOCK = 1_024;

    abstract boolean to(Path data) throws IOException;

    static List<Path> tables(Path data) {
        return Trees.list(data, path -> fileName(path).endsWith(".sst"));
    }

    private static String fileName(Path path) {
        return String.valueOf(path.getFileName());
    }
}
