package io.tally.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Files below a directory. */
public final class Trees {
    private Trees() {}

    /** Deletes what is in a directory, and not the directory: something may be mounted there. */
    public static void empty(Path directory) {
        for (Path path : list(directory, path -> !path.equals(directory))) {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Copies what is in a directory into another one, which is made if missing. */
    public static void copy(Path from, Path to) {
        for (Path path : list(from, path -> true).stream().sorted().toList()) {
            Path copy = to.resolve(from.relativize(path));
            try {
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is below, the innermost first. */
    public static List<Path> list(Path directory, Predicate<Path> wanted) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(wanted).sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
