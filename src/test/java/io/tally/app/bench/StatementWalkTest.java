package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatementWalkTest {
    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");

    private final StatementWalk walk =
            new StatementWalk(new HttpTarget(URI.create("http://localhost:1")), "/statement", () -> FROM);

    @Test
    void shouldAskForAPageAndThenForTheOneBehindIt() {
        // When
        Attempt first = walk.get();
        String fault = first.fault(page(StatementWalk.LIMIT, FROM, "abc"));
        Attempt second = walk.get();
        second.fault(page(StatementWalk.LIMIT, FROM, "def"));
        Attempt third = walk.get();

        // Then
        assertThat(fault).isNull();
        assertThat(first.request()).asString().startsWith("GET /statement?limit=100&from=2024-01-01T00:00:00Z ");
        assertThat(second.request()).asString().startsWith("GET /statement?limit=100&cursor=abc ");
        assertThat(third.request()).asString().contains("&from=");
    }

    @Test
    void shouldTakeTheLastPage() {
        assertThat(walk.get().fault(page(3, FROM, null))).isNull();
        assertThat(walk.get().request()).asString().contains("&from=");
    }

    @Test
    void shouldRefuseOtherPages() {
        assertThat(walk.get().fault(page(99, FROM, "abc"))).isEqualTo("another page");
        assertThat(walk.get().fault(page(100, FROM.minusMillis(1), "abc"))).isEqualTo("another page");
        assertThat(walk.get().fault(new HttpAnswer(503, new byte[0]))).isEqualTo("503");
        assertThat(walk.get().fault(new HttpAnswer(200, "<".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("200 without JSON");
    }

    private static HttpAnswer page(int items, Instant first, @Nullable String cursor) {
        String rows = IntStream.range(0, items)
                .mapToObj(i -> "{\"timestamp\":\"" + first.plusSeconds(i) + "\"}")
                .collect(Collectors.joining(","));
        String body =
                "{\"items\":[" + rows + "],\"next_cursor\":" + (cursor == null ? "null" : '"' + cursor + '"') + "}";
        return new HttpAnswer(200, body.getBytes(StandardCharsets.UTF_8));
    }
}
