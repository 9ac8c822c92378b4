package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What takes its time: how long connections live, and how long one may take to come about. */
@Tag("proof")
class WebhookPoolIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final TargetGuard ONLY_2 = new TargetGuard(true, List.of(Network.parse("127.0.0.2/32")));

    @Test
    void shouldAskForABusyNameAgain() throws Exception {
        AtomicBoolean moved = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        try (RawServer receiver = RawServer.on("127.0.0.2", 0, connection -> {
                    while (connection.hears()) {
                        connection.say(OK);
                    }
                });
                WebhookSender sender = new WebhookSender(
                        ONLY_2,
                        Duration.ofSeconds(5),
                        host -> {
                            asked.incrementAndGet();
                            return new InetAddress[] {InetAddress.getByName(moved.get() ? "10.0.0.1" : "127.0.0.2")};
                        },
                        null)) {
            String url = "http://moves.test:" + receiver.port() + "/";
            assertThat(Sending.send(sender, url).attempt().status()).isEqualTo(200);
            long start = System.nanoTime();

            // When
            moved.set(true);

            // Then
            Awaitility.await()
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> "The host has an address that is not public"
                            .equals(Sending.send(sender, url).attempt().error()));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(25), Duration.ofSeconds(35));
            assertThat(receiver.connections()).isEqualTo(1);
            assertThat(asked).hasValue(2);
            Awaitility.await().until(() -> receiver.open() == 0);
        }
    }

    @Test
    void shouldNotKeepAConnectionThatNobodyUses() throws Exception {
        try (RawServer receiver = RawServer.answering(OK);
                WebhookSender sender = new WebhookSender(Sending.LOOPBACK, Duration.ofSeconds(5))) {
            // When
            Sending.send(sender, "http://127.0.0.1:" + receiver.port() + "/");

            // Then
            Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> receiver.open() == 0);
        }
    }

    /** A server whose queue of connections is full answers to none. */
    @Test
    void shouldNotConnectForLong() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                WebhookSender sender = new WebhookSender(Sending.LOOPBACK, Duration.ofSeconds(15))) {
            // Given
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket("127.0.0.1", full.getLocalPort()));
            }

            // When
            AttemptResult result = Sending.send(sender, "http://127.0.0.1:" + full.getLocalPort() + "/");

            // Then
            assertThat(result.attempt().error()).isEqualTo("Not connected within 5 s");
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }
}
