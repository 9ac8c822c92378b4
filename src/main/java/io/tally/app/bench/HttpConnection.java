package io.tally.app.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP/1.1 connection that is kept open, with one request under way at a time. For one thread, except {@link #close}.
 *
 * <p>The JDK's client takes several times the processor time for the same request, and the load shares the cores with what
 * it measures; the figures are in docs/BENCHMARKS.md. This one knows what an answer needs: status, content by length or in
 * chunks (RFC 9112, 6), and nothing else. An answer that ends with the connection is refused, since one that was cut would look
 * the same.
 */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_BODY_BYTES = 16 << 20;

    private final ByteChannel channel;
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer output = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private boolean reusable = true;

    /** Takes over a channel that is connected and blocks. */
    HttpConnection(ByteChannel channel) {
        this.channel = channel;
    }

    /** Connects. */
    static HttpConnection open(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new HttpConnection(channel);
    }

    /**
     * Sends a request and waits for its answer. After an exception the connection is of no more use.
     *
     * @param request head and body as they go over the wire
     * @throws ProtocolException if what came is no answer to it
     * @throws EOFException if the server closed the connection before the answer's end
     */
    HttpAnswer exchange(byte[] request) throws IOException {
        reusable = false;
        send(request);
        int status = status(readLine());
        while (status / 100 == 1) {
            skipHeaders();
            status = status(readLine());
        }
        return answer(status);
    }

    /** Whether the last answer came whole and the server lets the connection be used again. */
    boolean isReusable() {
        return reusable;
    }

    private void send(byte[] request) throws IOException {
        for (int sent = 0; sent < request.length; ) {
            int piece = Math.min(output.capacity(), request.length - sent);
            output.clear().put(request, sent, piece).flip();
            while (output.hasRemaining()) {
                channel.write(output);
            }
            sent += piece;
        }
    }

    private HttpAnswer answer(int status) throws IOException {
        int length = -1;
        boolean chunked = false;
        boolean closes = false;
        for (int end = readLine(); end > 0; end = readLine()) {
            if (isHeader("content-length:", end)) {
                length = number(value("content-length:", end), 10);
            } else if (isHeader("transfer-encoding:", end)) {
                chunked = requireChunked(value("transfer-encoding:", end));
            } else if (isHeader("connection:", end)) {
                closes = value("connection:", end).equalsIgnoreCase("close");
            }
        }
        byte[] body = status == 204 || status == 304 ? new byte[0] : chunked ? chunks() : content(length);
        reusable = !closes;
        return new HttpAnswer(status, body);
    }

    private static boolean requireChunked(String coding) throws ProtocolException {
        if (!coding.equalsIgnoreCase("chunked")) {
            throw new ProtocolException("Expected the transfer coding chunked, but got " + coding);
        }
        return true;
    }

    private byte[] content(int length) throws IOException {
        if (length < 0) {
            throw new ProtocolException("Expected Content-Length or chunks, but the answer has neither");
        }
        byte[] body = new byte[length];
        readInto(body, 0);
        return body;
    }

    private byte[] chunks() throws IOException {
        byte[] body = new byte[0];
        while (true) {
            String head = text(0, readLine());
            int size = number(head.split(";", 2)[0].strip(), 16);
            if (size == 0) {
                skipHeaders();
                return body;
            }
            if (body.length + size > MAX_BODY_BYTES) {
                throw new ProtocolException("Expected at most " + MAX_BODY_BYTES + " bytes, but there are more");
            }
            int before = body.length;
            body = Arrays.copyOf(body, before + size);
            readInto(body, before);
            if (readLine() != 0) {
                throw new ProtocolException("Expected the end of a chunk, but it goes on");
            }
        }
    }

    private void readInto(byte[] target, int from) throws IOException {
        for (int filled = from; filled < target.length; ) {
            fill();
            int piece = Math.min(input.remaining(), target.length - filled);
            input.get(target, filled, piece);
            filled += piece;
        }
    }

    private void skipHeaders() throws IOException {
        while (readLine() > 0) {
            // Nothing in them is needed.
        }
    }

    /** Reads a line into {@link #line}; returns its length without the line end. */
    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            fill();
            byte next = input.get();
            if (next == '\n') {
                return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            }
            if (length == line.length) {
                throw new ProtocolException("Expected a line of at most " + line.length + " bytes, but it is longer");
            }
            line[length++] = next;
        }
    }

    private void fill() throws IOException {
        while (!input.hasRemaining()) {
            input.clear();
            int count = channel.read(input);
            input.flip();
            if (count < 0) {
                throw new EOFException("Expected an answer, but the server closed the connection");
            }
        }
    }

    private int status(int end) throws ProtocolException {
        // "HTTP/1.1 200 OK", where the words may be missing.
        if (isHeader("http/1.1 ", end) && (end == 12 || end > 12 && line[12] == ' ')) {
            int status = number(text(9, 12), 10);
            if (status >= 100 && status <= 599) {
                return status;
            }
        }
        throw new ProtocolException("Expected a status line of HTTP/1.1, but got " + text(0, end));
    }

    /** Whether the line begins with a name that is given in lower case. */
    private boolean isHeader(String name, int end) {
        if (end < name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            byte c = line[i];
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String value(String name, int end) {
        return text(name.length(), end).strip();
    }

    private String text(int from, int end) {
        return new String(line, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static int number(String digits, int radix) throws ProtocolException {
        try {
            int number = Integer.parseInt(digits, radix);
            if (number >= 0 && number <= MAX_BODY_BYTES && digits.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new ProtocolException("Expected a length of at most " + MAX_BODY_BYTES + ", but got " + digits);
    }

    /** Closes it, also under a thread that waits for an answer. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use either way.
            reusable = false;
        }
    }
}
