package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpLoadTest {
    private static final int PER_SECOND = 200;
    private static final Duration STALL = Duration.ofMillis(400);

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private int stallAt = -1;
    private int status = 200;

    HttpLoadTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            if (requests.incrementAndGet() == stallAt) {
                LockSupport.parkNanos(STALL.toNanos());
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void shouldShowAStallToAllRequestsThatWereDueMeanwhile() throws InterruptedException {
        // Given
        stallAt = PER_SECOND / 4;

        // When
        Answers answers = load(1).run(PER_SECOND, Duration.ofSeconds(1));

        // Then: with one connection 80 of the 200 come while it stalls, and wait 200 ms in the mean. Measured from when
        // they were
        // sent, one would be late.
        assertThat(answers.nanos().getTotalCount()).isEqualTo(PER_SECOND);
        double late = answers.nanos().getCountBetweenValues(STALL.toNanos() / 4, Long.MAX_VALUE);
        assertThat(late).isGreaterThanOrEqualTo(PER_SECOND * STALL.toMillis() / 1_000.0 * 3 / 4 - 1);
        assertThat(answers.repetition().figures().of("p90_ms")).isGreaterThan(STALL.toMillis() / 2.0 - 10);
    }

    @Test
    void shouldOfferAsMuchAsItIsTold() throws InterruptedException {
        // When
        Answers answers = load(4).run(PER_SECOND, Duration.ofSeconds(1));

        // Then
        assertThat(requests).hasValue(PER_SECOND);
        assertThat(answers.seconds()).isGreaterThan(0.99);
        assertThat(answers.repetition().figures().of("answers_per_s"))
                .isCloseTo(PER_SECOND / answers.seconds(), within(0.01));
        assertThat(answers.faults()).isEmpty();
    }

    @Test
    void shouldAskAgainAtOnceWithoutARate() throws InterruptedException {
        // When
        Answers answers = load(2).run(0, Duration.ofMillis(300));

        // Then
        assertThat(answers.nanos().getTotalCount()).isEqualTo(requests.get()).isGreaterThan(10);
    }

    @Test
    void shouldCountWhatIsWrongAndNotItsLatency() throws InterruptedException {
        // Given
        status = 503;

        // When
        Answers answers = load(2).run(PER_SECOND, Duration.ofMillis(200));

        // Then
        assertThat(answers.nanos().getTotalCount()).isZero();
        assertThat(answers.faults()).containsExactly(Map.entry("503", PER_SECOND / 5L));
    }

    @Test
    void shouldTellThatNobodyAnswers() throws InterruptedException {
        // Given
        HttpLoad load = load(2);
        server.stop(0);

        // When
        Answers answers = load.run(PER_SECOND, Duration.ofMillis(200));

        // Then
        assertThat(answers.faults().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(unanswered.get())
                .isPositive();
        assertThat(answers.nanos().getTotalCount()).isZero();
    }

    private HttpLoad load(int connections) {
        HttpTarget target = new HttpTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        Supplier<Supplier<Attempt>> attempts = () -> () -> new Ask(target.get("/"));
        return new HttpLoad(target, connections, attempts);
    }

    private final class Ask implements Attempt {
        private final byte[] request;

        Ask(byte[] request) {
            this.request = request;
        }

        @Override
        public byte[] request() {
            return request;
        }

        @Override
        public @Nullable String fault(HttpAnswer answer) {
            return answer.status() == 200 ? null : Integer.toString(answer.status());
        }

        @Override
        public void unanswered() {
            unanswered.incrementAndGet();
        }
    }
}
