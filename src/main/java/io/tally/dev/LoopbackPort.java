package io.tally.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports of 127.0.0.1, tried out before Kafka binds them: Kafka's own complaint is a page of stack traces. */
public final class LoopbackPort {
    // Above the ports of well-known services, below those that systems give to connections that go out
    // (Linux: from 32768).
    private static final int FIRST = 20_000;
    private static final int END = 32_768;

    private static final int TRIES = 1_000;

    // Each process starts elsewhere, and gives no port twice in a row.
    private static final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(END - FIRST));

    private LoopbackPort() {}

    /** Whether nobody listens on the port. */
    static boolean isFree(int port) {
        try (ServerSocket socket = bind(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * A port from 20000 to 32767 that nobody listens on. It is not reserved, but no connection gets it by chance meanwhile,
     * as one from the system's own range would be. Different from those given before, until the range was gone through.
     *
     * @throws IllegalStateException if there is none
     */
    public static int free() {
        for (int tries = 0; tries < TRIES; tries++) {
            int port = FIRST + Math.floorMod(next.getAndIncrement(), END - FIRST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "Expected a free port from %d to %d, but tried %d".formatted(FIRST, END - 1, TRIES));
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As Kafka does: connections of a broker that has just died must not count as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(BrokerProperties.HOST), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
