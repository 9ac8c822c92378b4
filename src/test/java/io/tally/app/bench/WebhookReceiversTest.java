package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookReceiversTest {
    private static final String FIRST = "00000000-0000-0000-0000-000000000001";
    private static final String SECOND = "00000000-0000-0000-0000-000000000002";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void shouldWaitForWhatIsExpectedAndCountRepeats() throws Exception {
        try (CountingReceiver receiver = CountingReceiver.start()) {
            // Given
            receiver.expect(List.of(FIRST, SECOND));

            // When
            int status = deliver(receiver, "a", FIRST);
            deliver(receiver, "a", FIRST);
            deliver(receiver, "b", SECOND);
            receiver.await(PATIENCE);

            // Then
            assertThat(status).isEqualTo(204);
            assertThat(receiver.missing()).isEmpty();
            assertThat(receiver.repeats()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellWhatIsMissing() throws Exception {
        try (CountingReceiver receiver = CountingReceiver.start()) {
            // Given
            receiver.expect(List.of(FIRST, SECOND));

            // When
            deliver(receiver, "a", FIRST);
            deliver(receiver, "b", "00000000-0000-0000-0000-000000000003");
            receiver.await(Duration.ofMillis(10));

            // Then
            assertThat(receiver.missing()).containsExactly(SECOND);
            assertThat(receiver.repeats()).isZero();
        }
    }

    private static int deliver(CountingReceiver receiver, String id, String uid) throws IOException {
        String body = "{\"type\":\"transaction.accepted\",\"data\":{\"uid\":\"" + uid + "\",\"delta\":\"1\"}}";
        String request = "POST / HTTP/1.1\r\nHost: a\r\nwebhook-id: " + id + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        try (HttpConnection connection = new HttpTarget(receiver.url()).connect()) {
            return connection
                    .exchange(request.getBytes(StandardCharsets.US_ASCII))
                    .status();
        }
    }

    @Test
    void shouldRefuseConnections() throws IOException {
        try (DeadReceivers dead = DeadReceivers.start()) {
            assertThatThrownBy(() -> connect(dead.refusing())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void shouldAcceptConnectionsAndNotAnswer() throws IOException {
        try (DeadReceivers dead = DeadReceivers.start();
                Socket socket = connect(dead.silent())) {
            // Given
            socket.setSoTimeout(500);

            // When
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            // Then
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(dead.accepted()).isEqualTo(1);
        }
    }

    private static Socket connect(URI uri) throws IOException {
        return new Socket(uri.getHost(), uri.getPort());
    }
}
