package io.tally.chaos;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a run has started, ended in reverse: also when its start fails, and when this process is told to end, or processes and
 * a mounted file system would stay behind. Thread-safe.
 */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAll, "ends-what-was-started");

    Resources() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    synchronized <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    private synchronized void closeAll() {
        while (!open.isEmpty()) {
            AutoCloseable resource = open.pop();
            try {
                resource.close();
            } catch (Exception e) {
                System.out.println("Expected to close " + resource + ", but " + e);
            }
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        closeAll();
    }
}
