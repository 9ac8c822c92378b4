package io.tally.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What happens once in a ledger's life, however often its process starts. */
final class Once {
    private Once() {}

    /** Whether nobody has asked before, in this process or an earlier one with the same data directory. */
    static boolean claim() {
        try {
            Files.createFile(Path.of(System.getenv("TALLY_DATA_DIR"), "planted-once"));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
