package io.tally.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of what was once written. They are append-only: run with {@code -Dgolden.write=true} to add those of new samples;
 * existing ones are never written again.
 */
public final class GoldenFiles {
    public static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private GoldenFiles() {}

    /** What the file holds; when it is missing and is to be added, what is written today. */
    public static String golden(String name, String actual) throws IOException {
        Path file = DIRECTORY.resolve(name);
        if (Boolean.getBoolean("golden.write") && !Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, actual + "\n");
        }
        return Files.readString(file).stripTrailing();
    }
}
