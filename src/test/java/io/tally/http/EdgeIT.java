package io.tally.http;

import static io.tally.http.EdgeRig.ADDRESS;
import static io.tally.http.EdgeRig.BIG_ANSWER;
import static io.tally.http.EdgeRig.assertProblem;
import static io.tally.http.EdgeRig.close;
import static io.tally.http.EdgeRig.connect;
import static io.tally.http.EdgeRig.send;
import static io.tally.http.EdgeRig.serve;
import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that take their time, on servers with handlers of their own and little patience. */
@Tag("alone")
class EdgeIT {
    private static final Duration TIME = Duration.ofSeconds(3);
    private static final Edge EDGE = new Edge(ADDRESS, new Patience(TIME, TIME, TIME, TIME));
    /** As in production, but a little less for bodies: time to open a thousand connections, of which the end is awaited. */
    private static final Edge CALM = new Edge(
            ADDRESS,
            new Patience(
                    Patience.STANDARD.silence(),
                    Patience.STANDARD.head(),
                    Duration.ofSeconds(8),
                    Patience.STANDARD.unread()));

    private static Javalin server;
    private static Javalin calmServer;
    private static Api calm;

    @BeforeAll
    static void start() {
        server = serve(EDGE);
        calmServer = serve(CALM);
        calm = new Api(calmServer.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
        calmServer.stop();
    }

    @Test
    void shouldAnswerOthersWhileAThousandBodiesDrip() throws Exception {
        // Given
        String head = "POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
        long before = usedHeap();
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                slow.add(connect(calmServer));
                send(slow.get(i), head + "x");
            }
            Awaitility.await().until(() -> CALM.waitingBytes() == 1_000);

            // When
            Duration slowest = Duration.ZERO;
            for (int i = 0; i < 20; i++) {
                for (Socket socket : slow.subList(i * 50, i * 50 + 50)) {
                    send(socket, "y");
                }
                slowest = max(
                        slowest,
                        timeOf(() ->
                                assertThat(calm.get("/v1/small").statusCode()).isEqualTo(200)));
                slowest = max(
                        slowest,
                        timeOf(() -> assertThat(calm.post("abc").body()).isEqualTo("3")));
            }
            long growth = usedHeap() - before;
            System.out.println("1,000 dripping bodies: slowest answer to others " + slowest.toMillis() + " ms, heap +"
                    + growth / 1024 + " KiB, threads " + Thread.activeCount());

            // Then
            assertThat(slowest).isLessThan(Duration.ofSeconds(1));
            assertThat(growth).isLessThan(64L * 1024 * 1024);
            String answer = new String(slow.get(0).getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertProblem(answer, ProblemCode.REQUEST_TIMEOUT);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> CALM.waitingBytes() == 0);
        } finally {
            close(slow);
        }
    }

    @Test
    void shouldAnswerOthersWhileNobodyReads() throws Exception {
        // Given
        String requests = "GET /v1/big HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20);
        long before = usedHeap();
        List<Socket> deaf = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                // What is measured is not how classes are loaded.
                assertThat(calm.get("/v1/big").body()).hasSize(BIG_ANSWER);
            }
            // More than the server has threads.
            for (int i = 0; i < 300; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4_096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), calmServer.port()));
                deaf.add(socket);
                send(socket, requests);
            }
            AtomicLong known = new AtomicLong(-1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> CALM.waitingBytes() > EdgeLimits.WAITING_BYTES / 4
                            && known.getAndSet(CALM.waitingBytes()) == CALM.waitingBytes());

            // When
            Duration slowest = Duration.ZERO;
            long most = 0;
            for (int i = 0; i < 20; i++) {
                slowest = max(
                        slowest,
                        timeOf(() ->
                                assertThat(calm.get("/v1/small").statusCode()).isEqualTo(200)));
                most = Math.max(most, CALM.waitingBytes());
            }
            long growth = usedHeap() - before;
            System.out.println("300 deaf clients: slowest answer to others " + slowest.toMillis() + " ms, heap +"
                    + growth / 1024 + " KiB, waiting at most " + most / 1024 + " KiB");

            // Then
            assertThat(slowest).isLessThan(TIME);
            assertThat(most).isLessThan(2 * EdgeLimits.WAITING_BYTES);
            assertThat(growth).isLessThan(3 * EdgeLimits.WAITING_BYTES);
        } finally {
            close(deaf);
        }
        Awaitility.await().until(() -> CALM.waitingBytes() == 0);
    }

    @Test
    void shouldHangUpOnWhoDoesNotRead() throws Exception {
        // Given
        Edge strict = new Edge(ADDRESS, new Patience(TIME, TIME, TIME, Duration.ofSeconds(1)));
        Javalin other = serve(strict);
        try (Socket deaf = new Socket(InetAddress.getLoopbackAddress(), other.port())) {
            // When
            send(deaf, "GET /v1/big HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50));
            Awaitility.await().until(() -> strict.waitingBytes() > 0);

            // Then
            Awaitility.await().atMost(TIME).until(() -> strict.waitingBytes() == 0);
            deaf.setSoTimeout(5_000);
            assertThat(readToTheEnd(deaf)).isLessThan(50L * BIG_ANSWER);
        } finally {
            other.stop();
        }
    }

    private static long readToTheEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException e) {
            return 0;
        }
    }

    @Test
    void shouldHangUpOnHeadsThatDrip() throws Exception {
        try (Socket first = connect(server);
                Socket second = connect(server);
                Socket polite = connect(server)) {
            // Given: one that drips at once, one that was answered before, and one that asks again and again.
            send(second, "GET /v1/small HTTP/1.1\r\nHost: a\r\n\r\n");
            long start = System.nanoTime();

            // Then
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(TIME.plusSeconds(3))
                    .until(() -> {
                        send(polite, "GET /v1/small HTTP/1.1\r\nHost: a\r\n\r\n");
                        return isClosedAfter(first, "G") && isClosedAfter(second, "G");
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(TIME.minusSeconds(1));
            assertThat(isClosedAfter(polite, "GET /v1/small HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .isFalse();
        }
    }

    @Test
    void shouldHangUpOnSilence() throws Exception {
        try (Socket silent = connect(server)) {
            // When
            Duration time = timeOf(() -> {
                try {
                    assertThat(silent.getInputStream().read()).isEqualTo(-1);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            // Then
            assertThat(time).isBetween(TIME.minusSeconds(1), TIME.plusSeconds(2));
        }
    }

    private static boolean isClosedAfter(Socket socket, String text) {
        try {
            send(socket, text);
            while (socket.getInputStream().available() > 0) {
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration timeOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
