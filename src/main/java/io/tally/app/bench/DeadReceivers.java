package io.tally.app.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two receivers of webhooks on this machine that are dead: one refuses connections, one accepts them and never answers. */
final class DeadReceivers implements AutoCloseable {
    /** Has a port and does not listen at it, so that nobody else does. */
    private final Socket refusing = new Socket();

    private final ServerSocket silent = new ServerSocket();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    private DeadReceivers() throws IOException {}

    /** Takes two free ports. */
    static DeadReceivers start() throws IOException {
        DeadReceivers receivers = new DeadReceivers();
        InetSocketAddress free = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        receivers.refusing.bind(free);
        receivers.silent.bind(free);
        Thread thread = new Thread(receivers::accept, "bench-silent");
        thread.setDaemon(true);
        thread.start();
        return receivers;
    }

    private void accept() {
        while (!silent.isClosed()) {
            try {
                accepted.add(silent.accept());
            } catch (IOException e) {
                // It was closed, or a connection was gone before it was accepted.
                continue;
            }
        }
    }

    URI refusing() {
        return url(refusing.getLocalPort());
    }

    URI silent() {
        return url(silent.getLocalPort());
    }

    private static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** How many connections the silent one accepted. None is used again, so that each is for one request at most. */
    int accepted() {
        return accepted.size();
    }

    @Override
    public void close() throws IOException {
        refusing.close();
        silent.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
