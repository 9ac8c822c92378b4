package io.tally.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory for one owner: a file lock, which the operating system releases when the process dies, however it
 * dies. The file stays; it holds the owner's process id for whoever finds the directory taken.
 */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock, creating the file and its directory when missing.
     *
     * @return null when it is taken, by another process or in this one
     * @throws IOException if the file cannot be created or locked
     */
    public static @Nullable DirectoryLock tryAcquire(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                writeOwner(channel);
                return new DirectoryLock(channel, lock);
            }
        } catch (OverlappingFileLockException e) {
            // Taken in this JVM, where tryLock throws instead of returning null.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    /** Who has the lock, as far as the file tells: "process 4711", or "another process". */
    public static String owner(Path file) {
        try {
            String pid = Files.readString(file).strip();
            return pid.matches("\\d{1,10}") ? "process " + pid : "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    private static void writeOwner(FileChannel channel) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
