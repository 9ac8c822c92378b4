package io.tally.webhook;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that keeps to no rules but those of its script. Thread-safe. */
final class RawServer implements AutoCloseable {
    /** What it does with each connection, on a thread of its own; the connection is closed after it. */
    interface Script {
        void talk(Connection connection) throws IOException;
    }

    /** A request as it came. */
    record Heard(String head, String body) {
        /** A field's value, or an empty text. */
        String field(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse("");
        }
    }

    private final ServerSocket socket;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private RawServer(ServerSocket socket, Script script) {
        this.socket = socket;
        this.script = script;
        start(this::accept);
    }

    static RawServer on(ServerSocket socket, Script script) {
        return new RawServer(socket, script);
    }

    /** @param port 0 for any */
    static RawServer on(String address, int port, Script script) throws IOException {
        return new RawServer(new ServerSocket(port, 128, InetAddress.getByName(address)), script);
    }

    static RawServer on(Script script) throws IOException {
        return on("127.0.0.1", 0, script);
    }

    /** One that gives each request this answer, on the same connection as long as the client keeps it. */
    static RawServer answering(String answer) throws IOException {
        return on(connection -> {
            while (connection.hears()) {
                connection.say(answer);
            }
        });
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                connections.incrementAndGet();
                open.add(accepted);
                start(() -> talk(accepted));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void talk(Socket accepted) {
        try (accepted) {
            accepted.setTcpNoDelay(true);
            script.talk(new Connection(
                    new BufferedInputStream(accepted.getInputStream()), accepted.getOutputStream(), heard));
        } catch (IOException clientHasGone) {
            return;
        } finally {
            open.remove(accepted);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    /** How many there were. */
    int connections() {
        return connections.get();
    }

    /** How many there are. */
    int open() {
        return open.size();
    }

    BlockingQueue<Heard> heard() {
        return heard;
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One connection, for its script. */
    static final class Connection {
        private final InputStream in;
        private final OutputStream out;
        private final BlockingQueue<Heard> heard;

        private Connection(InputStream in, OutputStream out, BlockingQueue<Heard> heard) {
            this.in = in;
            this.out = out;
            this.heard = heard;
        }

        /** Reads a request; false when none came any more. */
        boolean hears() throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                text.append((char) next);
            }
            String head = text.toString();
            String length = new Heard(head, "").field("content-length");
            byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
            heard.add(new Heard(head, new String(body, StandardCharsets.UTF_8)));
            return true;
        }

        /** Waits for the first byte of whatever the client says. */
        void awaitAnything() throws IOException {
            in.mark(1);
            in.read();
            in.reset();
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void say(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Waits for the client to go. */
        void hang() throws IOException {
            while (in.read() >= 0) {
                continue;
            }
        }
    }
}
