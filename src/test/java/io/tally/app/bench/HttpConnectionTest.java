package io.tally.app.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConnectionTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void shouldReadAnswersHoweverTheyAreCut(int pieceBytes) throws IOException {
        // Given
        Server server = new Server(
                "HTTP/1.1 200 OK\r\ncontent-LENGTH:  5 \r\n\r\nfirst"
                        + "HTTP/1.1 402 Payment Required\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=y\r\nsec\r\n3\r\nond\r\n0\r\nTrailer: 1\r\n\r\n"
                        + "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\r\n\r\n"
                        + "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
                pieceBytes);
        HttpConnection connection = new HttpConnection(server);

        // When
        String answers = "";
        for (int i = 0; i < 4; i++) {
            HttpAnswer answer = connection.exchange(REQUEST);
            answers += answer.status() + " " + new String(answer.body(), ISO_8859_1) + "\n";
        }

        // Then
        assertThat(answers).isEqualTo("200 first\n402 second\n204 \n200 \n");
        assertThat(connection.isReusable()).isTrue();
        assertThat(server.received()).isEqualTo(new String(REQUEST, ISO_8859_1).repeat(4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 99 OK\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "hello\r\n",
                "HTTP/1.1 200 OK\r\n\r\nendless",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
            })
    void shouldRefuseWhatIsNoAnswer(String bytes) {
        // Given
        HttpConnection connection = new HttpConnection(new Server(bytes, 1_000));

        // When // Then
        assertThatThrownBy(() -> connection.exchange(REQUEST)).isInstanceOf(ProtocolException.class);
        assertThat(connection.isReusable()).isFalse();
    }

    @Test
    void shouldRefuseLinesWithoutEnd() {
        // Given
        HttpConnection connection = new HttpConnection(new Server("HTTP/1.1 200 " + "x".repeat(8 << 10), 1_000));

        // When // Then
        assertThatThrownBy(() -> connection.exchange(REQUEST)).isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
            })
    void shouldTellAnAnswerThatWasCut(String bytes) {
        // Given
        HttpConnection connection = new HttpConnection(new Server(bytes, 1_000));

        // When // Then
        assertThatThrownBy(() -> connection.exchange(REQUEST)).isInstanceOf(EOFException.class);
        assertThat(connection.isReusable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"close, false", "Close, false", "keep-alive, true"})
    void shouldHearThatTheServerCloses(String header, boolean reusable) throws IOException {
        // Given
        HttpConnection connection = new HttpConnection(
                new Server("HTTP/1.1 200 OK\r\nConnection: " + header + "\r\nContent-Length: 0\r\n\r\n", 1_000));

        // When
        connection.exchange(REQUEST);

        // Then
        assertThat(connection.isReusable()).isEqualTo(reusable);
    }

    /** Says its lines whatever it hears, a few bytes at a time. */
    private static final class Server implements ByteChannel {
        private final ByteBuffer answers;
        private final int pieceBytes;
        private final StringBuilder received = new StringBuilder();

        Server(String answers, int pieceBytes) {
            this.answers = ByteBuffer.wrap(answers.getBytes(ISO_8859_1));
            this.pieceBytes = pieceBytes;
        }

        String received() {
            return received.toString();
        }

        @Override
        public int read(ByteBuffer target) {
            if (!answers.hasRemaining()) {
                return -1;
            }
            int count = Math.min(Math.min(pieceBytes, answers.remaining()), target.remaining());
            for (int i = 0; i < count; i++) {
                target.put(answers.get());
            }
            return count;
        }

        @Override
        public int write(ByteBuffer source) {
            received.append((char) source.get());
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
