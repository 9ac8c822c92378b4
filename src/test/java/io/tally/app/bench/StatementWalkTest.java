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

    private static final HttpTarget TARGET = new HttpTarget(URI.create("http://localhost:1"));
    /** Deposits of 0.01, one each second from then on. */
    private static final int ENTRIES = 203;
    /** As many before, at any time. */
    private static final int EARLIER = 1_000;

    private final StatementWalk walk = walkFrom(0);

    @Test
    void shouldAskForAPageAndThenForTheOneBehindIt() {
        // When
        Attempt first = walk.get();
        String fault = first.fault(page(0, 100, "abc"));
        Attempt second = walk.get();
        String secondFault = second.fault(page(100, 100, "def"));
        Attempt third = walk.get();

        // Then
        assertThat(fault).isNull();
        assertThat(secondFault).isNull();
        assertThat(first.request()).asString().startsWith("GET /statement?limit=100&from=2024-01-01T00:00:00Z ");
        assertThat(second.request()).asString().startsWith("GET /statement?limit=100&cursor=abc ");
        assertThat(third.request()).asString().contains("&from=");
    }

    @Test
    void shouldTakeTheLastPage() {
        // Given
        StatementWalk atTheEnd = walkFrom(200);

        // When
        String fault = atTheEnd.get().fault(page(200, 3, null));

        // Then
        assertThat(fault).isNull();
        assertThat(atTheEnd.get().request()).asString().contains("&from=");
    }

    @Test
    void shouldTakeAnEmptyPageBehindTheLastEntryOnly() {
        assertThat(walkFrom(ENTRIES).get().fault(page(0, 0, null))).isNull();
        assertThat(walkFrom(ENTRIES - 1).get().fault(page(0, 0, null))).isEqualTo("another page");
    }

    @Test
    void shouldRefuseOtherPages() {
        assertThat(walk.get().fault(page(0, 99, "abc"))).as("too short").isEqualTo("another page");
        assertThat(walk.get().fault(page(-1, 100, "abc"))).as("too early").isEqualTo("another page");
        assertThat(walk.get().fault(page(1, 100, "abc")))
                .as("without the first")
                .isEqualTo("another page");
        assertThat(walkFrom(200).get().fault(page(200, 2, null)))
                .as("without the last")
                .isEqualTo("another page");
        assertThat(walk.get().fault(new HttpAnswer(503, new byte[0]))).isEqualTo("503");
        assertThat(walk.get().fault(new HttpAnswer(200, "<".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("200 without JSON");
    }

    @Test
    void shouldRefuseASecondPageThatDoesNotFollowTheFirst() {
        // Given
        walk.get().fault(page(0, 100, "abc"));

        // When
        String fault = walk.get().fault(page(101, 100, "def"));

        // Then
        assertThat(fault).isEqualTo("another page");
    }

    private static StatementWalk walkFrom(int entry) {
        return new StatementWalk(TARGET, "/statement", () -> FROM.plusSeconds(entry), StatementWalkTest::balanceAt);
    }

    private static long balanceAt(long millis) {
        return EARLIER + Math.min(ENTRIES, Math.floorDiv(millis - FROM.toEpochMilli(), 1_000) + 1);
    }

    private static HttpAnswer page(int first, int items, @Nullable String cursor) {
        String rows = IntStream.range(first, first + items)
                .mapToObj(i -> "{\"timestamp\":\"" + FROM.plusSeconds(i) + "\",\"delta\":\"0.01\"}")
                .collect(Collectors.joining(","));
        String body =
                "{\"items\":[" + rows + "],\"next_cursor\":" + (cursor == null ? "null" : '"' + cursor + '"') + "}";
        return new HttpAnswer(200, body.getBytes(StandardCharsets.UTF_8));
    }
}
