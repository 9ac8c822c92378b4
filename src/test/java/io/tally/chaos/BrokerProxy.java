package io.tally.chaos;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between clients and a broker on loopback, passes all bytes on, and can hold up or lose the broker's answers to
 * EndTxn: the client does not know then whether its transaction was committed. It can also fall silent altogether, as a
 * network does that drops every packet. It speaks of frames only: a length, and in requests the API's number, its version
 * and a correlation id, which the answer begins with.
 */
final class BrokerProxy implements AutoCloseable {
    /** What becomes of an answer to EndTxn. */
    enum Treatment {
        PASSED,
        /** Held up for {@link #DELAY}. */
        DELAYED,
        /** Lost, and every later answer of that connection too: the client waits in vain. */
        SWALLOWED,
        /** Lost together with the connection. */
        CUT_OFF
    }

    static final Duration DELAY = Duration.ofSeconds(2);
    static final short END_TXN = 26;
    /** The broker's {@code socket.request.max.bytes}. */
    private static final int MAX_FRAME = 100 << 20;

    private final ServerSocket clients;
    private final int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger treated = new AtomicInteger();

    private volatile Treatment treatment = Treatment.PASSED;
    private volatile boolean silent;

    /** @param targetPort where the broker listens, or will */
    BrokerProxy(int targetPort) {
        this.targetPort = targetPort;
        try {
            clients = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        inBackground("proxy-accept", this::accept);
    }

    int port() {
        return clients.getLocalPort();
    }

    int targetPort() {
        return targetPort;
    }

    /** From now on treats so many answers like this, and all others pass. */
    void treat(Treatment next, int answers) {
        treated.set(0);
        left.set(answers);
        treatment = next;
    }

    /** How many answers were treated so until now. */
    int treated() {
        return treated.get();
    }

    /** Lets everything pass again. */
    void pass() {
        treatment = Treatment.PASSED;
    }

    /** From now on loses all frames of both sides, and leaves their connections open, new ones too. */
    void fallSilent() {
        silent = true;
    }

    /** Passes frames again, on new connections: those that have lost some end. */
    void speak() {
        silent = false;
        sockets.forEach(this::end);
    }

    private void accept() {
        while (!clients.isClosed()) {
            try {
                Socket client = clients.accept();
                inBackground("proxy-connect", () -> connect(client));
            } catch (IOException e) {
                // Closed, which ends the loop.
                continue;
            }
        }
    }

    private void connect(Socket client) {
        sockets.add(client);
        Socket broker;
        try {
            broker = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        } catch (IOException e) {
            // Nobody listens there: the broker is down, and the client shall see that.
            end(client);
            return;
        }
        sockets.add(broker);
        try {
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        } catch (IOException e) {
            // One side is gone already.
            end(client);
            end(broker);
            return;
        }
        Set<Integer> awaited = ConcurrentHashMap.newKeySet();
        inBackground("proxy-answers", () -> pump(broker, client, frame -> !answer(frame, awaited)));
        pump(client, broker, frame -> request(frame, awaited));
    }

    /** Decides of a frame whether it is passed on; a connection that swallowed one is deaf from then on. */
    private interface Gate {
        boolean passes(byte[] frame) throws IOException;
    }

    private void pump(Socket from, Socket to, Gate gate) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            boolean open = true;
            while (true) {
                byte[] frame = in.readNBytes(Math.min(in.readInt(), MAX_FRAME));
                open = open && !silent && gate.passes(frame);
                if (open) {
                    to.getOutputStream().write(withLength(frame));
                }
            }
        } catch (IOException e) {
            // One side is gone; then the other shall go as well.
            end(from);
            end(to);
        }
    }

    private static byte[] withLength(byte[] frame) {
        byte[] whole = new byte[frame.length + 4];
        for (int i = 0; i < 4; i++) {
            whole[i] = (byte) (frame.length >>> 24 - 8 * i);
        }
        System.arraycopy(frame, 0, whole, 4, frame.length);
        return whole;
    }

    private static boolean request(byte[] frame, Set<Integer> awaited) {
        if (frame[0] == 0 && frame[1] == END_TXN) {
            awaited.add(number(frame, 4));
        }
        return true;
    }

    /** Whether the answer is lost. */
    private boolean answer(byte[] frame, Set<Integer> awaited) throws IOException {
        if (!awaited.remove(number(frame, 0))) {
            return false;
        }
        Treatment now = treatment;
        if (now == Treatment.PASSED || left.getAndDecrement() <= 0) {
            return false;
        }
        treated.incrementAndGet();
        return switch (now) {
            case PASSED -> false;
            case DELAYED -> {
                Pauses.last(DELAY);
                yield false;
            }
            case SWALLOWED -> true;
            case CUT_OFF -> throw new IOException("cut off");
        };
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void inBackground(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            clients.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::end);
    }
}
