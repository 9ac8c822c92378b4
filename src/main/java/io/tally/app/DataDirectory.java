package io.tally.app;

import io.tally.dev.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** The data directory of one running instance, locked until it is closed. */
final class DataDirectory implements AutoCloseable {
    private final Path directory;
    private final DirectoryLock lock;

    private DataDirectory(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** @throws ConfigException if another instance has it or it cannot be written to */
    static DataDirectory open(Path directory) {
        Path file = directory.resolve("lock");
        try {
            DirectoryLock lock = DirectoryLock.tryAcquire(file);
            if (lock == null) {
                throw new ConfigException(
                        Setting.TALLY_DATA_DIR.key(),
                        "is '" + directory + "', which is in use by " + DirectoryLock.owner(file),
                        "Stop that one, or give each instance a directory of its own.");
            }
            return new DataDirectory(directory, lock);
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
    }

    /**
     * The id under which the group knows this instance, whenever it comes back. Created at random once.
     *
     * @throws ConfigException if the file cannot be read or written, or holds something else
     */
    String instanceId() {
        Path file = directory.resolve("instance-id");
        try {
            if (!Files.exists(file)) {
                // Moved into place, so that a crash leaves no half of an id.
                Path written = Files.writeString(
                        directory.resolve("instance-id.tmp"), UUID.randomUUID().toString());
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            }
            String id = Files.readString(file).strip();
            if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
                throw new ConfigException(
                        Setting.KAFKA_GROUP_INSTANCE_ID.key(),
                        "in " + file + " is not 1 to 100 letters, digits, dots, underscores and hyphens",
                        "Delete the file, or set the variable.");
            }
            return id;
        } catch (IOException e) {
            throw notWritable(directory, e);
        }
    }

    private static ConfigException notWritable(Path directory, IOException e) {
        return new ConfigException(
                Setting.TALLY_DATA_DIR.key(),
                "is '" + directory + "', which cannot be used: " + e,
                "Set it to a directory that this user may write to.");
    }

    @Override
    public void close() {
        lock.close();
    }
}
