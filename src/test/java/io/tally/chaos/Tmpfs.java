package io.tally.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file system in memory whose size can be changed: a disk that fills up. */
record Tmpfs(Path directory) implements AutoCloseable {
    private static final long PLENTY = 4L << 30;

    /** Mounts one on a directory, which is made; null where that is not permitted. */
    static @Nullable Tmpfs mount(Path directory) {
        try {
            Files.createDirectories(directory);
            Tmpfs mounted = new Tmpfs(directory);
            return run("mount", "-t", "tmpfs", "-o", "size=" + PLENTY, "tmpfs", directory.toString()) ? mounted : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Leaves so many bytes. */
    void leave(long bytes) {
        resize(used() + bytes);
    }

    void leavePlenty() {
        resize(PLENTY);
    }

    private void resize(long bytes) {
        if (!run("mount", "-o", "remount,size=" + bytes, directory.toString())) {
            throw new AssertionError("Expected to give " + directory + " the size " + bytes);
        }
    }

    private long used() {
        try {
            FileStore store = Files.getFileStore(directory);
            return store.getTotalSpace() - store.getUnallocatedSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        run("umount", "-l", directory.toString());
    }
}
