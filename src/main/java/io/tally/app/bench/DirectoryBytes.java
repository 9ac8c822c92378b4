package io.tally.app.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** The size of all files below a directory, while somebody else may delete some of them. */
final class DirectoryBytes extends SimpleFileVisitor<Path> {
    private long bytes;

    private DirectoryBytes() {}

    static long of(Path directory) throws IOException {
        DirectoryBytes visitor = new DirectoryBytes();
        Files.walkFileTree(directory, visitor);
        return visitor.bytes;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        bytes += attributes.size();
        return FileVisitResult.CONTINUE;
    }

    /** It was deleted after its name was read. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE;
    }
}
