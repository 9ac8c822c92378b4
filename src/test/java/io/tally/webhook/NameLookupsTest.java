package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Names that change their addresses, hang, or have too many; the receiver is at 127.0.0.2, which is allowed, a trap beside it. */
class NameLookupsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String LAST = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private static final TargetGuard ONLY_2 = new TargetGuard(true, List.of(Network.parse("127.0.0.2/32")));

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    private static RawServer receiver(String address, int port, String answer) throws Exception {
        return RawServer.on(address, port, connection -> {
            while (connection.hears()) {
                connection.say(answer);
            }
        });
    }

    private static InetAddress[] addresses(String... texts) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[texts.length];
        for (int i = 0; i < texts.length; i++) {
            addresses[i] = InetAddress.getByName(texts[i]);
        }
        return addresses;
    }

    private WebhookSender sender(Duration timeout, NameLookups.Names names) {
        return new WebhookSender(
                ONLY_2,
                timeout,
                host -> {
                    asked.add(host);
                    return names.resolve(host);
                },
                null);
    }

    @Test
    void shouldConnectToTheAddressThatWasChecked() throws Exception {
        try (RawServer receiver = receiver("127.0.0.2", 0, LAST);
                RawServer trap = receiver("127.0.0.1", receiver.port(), OK);
                WebhookSender sender = sender(
                        Duration.ofSeconds(5), host -> addresses(asked.size() % 2 == 1 ? "127.0.0.2" : "127.0.0.1"))) {
            String url = "http://rebinding.test:" + receiver.port() + "/";
            for (int i = 0; i < 10; i++) {
                // When: a first time, and a second time with another answer.
                AttemptResult first = Sending.send(sender, url);
                AttemptResult second = Sending.send(sender, url);

                // Then
                assertThat(first.attempt().status()).isEqualTo(200);
                assertThat(second.attempt().status()).isZero();
                assertThat(second.attempt().error()).isEqualTo("The host has an address that is not public");
            }
            assertThat(receiver.connections()).isEqualTo(10);
            assertThat(receiver.heard())
                    .allSatisfy(
                            heard -> assertThat(heard.field("host")).isEqualTo("rebinding.test:" + receiver.port()));
            assertThat(asked).hasSize(20).containsOnly("rebinding.test");
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void shouldAskOnceForEachConnection() throws Exception {
        try (RawServer receiver = receiver("127.0.0.2", 0, OK);
                WebhookSender sender = sender(Duration.ofSeconds(5), host -> addresses("127.0.0.2"))) {
            // When
            for (int i = 0; i < 10; i++) {
                assertThat(Sending.send(sender, "http://name.test:" + receiver.port() + "/")
                                .attempt()
                                .status())
                        .isEqualTo(200);
            }

            // Then
            assertThat(receiver.connections()).isEqualTo(1);
            assertThat(asked).containsExactly("name.test");
        }
    }

    @Test
    void shouldRefuseANameWithOneAddressThatIsNotAllowed() throws Exception {
        try (RawServer receiver = receiver("127.0.0.2", 0, OK);
                RawServer trap = receiver("127.0.0.1", receiver.port(), OK);
                WebhookSender sender = sender(Duration.ofSeconds(5), host -> addresses("127.0.0.2", "127.0.0.1"))) {
            // When
            AttemptResult result = Sending.send(sender, "http://mixed.test:" + receiver.port() + "/");

            // Then
            assertThat(result.attempt().error()).isEqualTo("The host has an address that is not public");
            assertThat(receiver.connections()).isZero();
            assertThat(trap.connections()).isZero();
        }
    }

    @Test
    void shouldTellOfANameThatIsNotKnown() throws Exception {
        try (WebhookSender sender = sender(Duration.ofSeconds(5), host -> {
            throw new UnknownHostException(host);
        })) {
            assertThat(Sending.send(sender, "http://no.test/").attempt().error())
                    .isEqualTo("The name of the host is not known");
        }
    }

    /** Many requests to a name that hangs: one thread, an end in time for each, and no one else waits. */
    @Test
    void shouldNotLetANameThatHangsHoldUpOthers() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ConcurrentHashMap<Thread, String> waiting = new ConcurrentHashMap<>();
        try (RawServer receiver = receiver("127.0.0.2", 0, OK);
                WebhookSender sender = sender(Duration.ofSeconds(1), host -> {
                    if (host.startsWith("hangs")) {
                        waiting.put(Thread.currentThread(), host);
                        awaitUninterruptibly(release);
                    }
                    return addresses("127.0.0.2");
                })) {
            // Given
            List<CompletableFuture<AttemptResult>> held = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                held.add(Sending.begin(sender, Sending.endpoint("http://hangs.test:" + receiver.port() + "/")));
            }
            Awaitility.await().until(() -> !waiting.isEmpty());

            // When
            AttemptResult other = Sending.send(sender, "http://quick.test:" + receiver.port() + "/");

            // Then
            assertThat(other.attempt().status()).isEqualTo(200);
            for (CompletableFuture<AttemptResult> one : held) {
                assertThat(one.get(5, TimeUnit.SECONDS).attempt().error()).isEqualTo("No answer within 1 s");
            }
            assertThat(waiting).hasSize(1);

            // And: when it is back, so is the endpoint.
            release.countDown();
            Awaitility.await()
                    .until(() -> Sending.send(sender, "http://hangs.test:" + receiver.port() + "/")
                            .attempt()
                            .isSuccess());
        } finally {
            release.countDown();
        }
    }

    /** As the system's own look-ups do. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    @Test
    void shouldEndALookUpBeforeTheTimeOut() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (WebhookSender sender = sender(Duration.ofSeconds(15), host -> {
            awaitUninterruptibly(release);
            return addresses("127.0.0.2");
        })) {
            // When
            AttemptResult first = Sending.send(sender, "http://hangs.test/");
            AttemptResult second = Sending.send(sender, "http://hangs.test/");

            // Then
            assertThat(first.attempt().error()).isEqualTo("The name of the host was not found within 5 s");
            assertThat(first.attempt().latencyMs()).isBetween(4_900L, 10_000L);
            assertThat(second.attempt().error()).isEqualTo("The name of the host was not found within 5 s");
            assertThat(second.attempt().latencyMs()).isLessThan(1_000L);
            assertThat(asked).hasSize(1);
        } finally {
            release.countDown();
        }
    }

    @Test
    void shouldBoundTheLookUps() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (WebhookSender sender = sender(Duration.ofSeconds(1), host -> {
            awaitUninterruptibly(release);
            throw new UnknownHostException(host);
        })) {
            // When
            List<CompletableFuture<AttemptResult>> many = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                many.add(Sending.begin(sender, Sending.endpoint("http://hangs-" + i + ".test/")));
            }

            // Then
            List<String> errors = new ArrayList<>();
            for (CompletableFuture<AttemptResult> one : many) {
                errors.add(one.get(5, TimeUnit.SECONDS).attempt().error());
            }
            assertThat(errors).contains("Too many names of hosts are being looked up", "No answer within 1 s");
            assertThat(asked).hasSize(32);
        } finally {
            release.countDown();
        }
    }

    @Test
    void shouldTryTheNextAddress() throws Exception {
        TargetGuard both = new TargetGuard(true, List.of(Network.parse("127.0.0.0/30")));
        try (RawServer receiver = receiver("127.0.0.2", 0, OK);
                WebhookSender sender = new WebhookSender(
                        both, Duration.ofSeconds(5), host -> addresses("127.0.0.3", "127.0.0.2"), null)) {
            assertThat(Sending.send(sender, "http://two.test:" + receiver.port() + "/")
                            .attempt()
                            .status())
                    .isEqualTo(200);
        }
    }
}
