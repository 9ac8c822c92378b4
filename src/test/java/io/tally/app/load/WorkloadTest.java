package io.tally.app.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
    private static final Workload WORKLOAD = new Workload(7, 1_000, false);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999_999, 10_000_000, Integer.MAX_VALUE, Long.MAX_VALUE})
    void shouldKnowACommandByItsUid(long command) {
        assertThat(WORKLOAD.commandOf(WORKLOAD.uid(command))).isEqualTo(command);
    }

    @Test
    void shouldNotKnowUidsOfOthers() {
        // Given
        UUID own = WORKLOAD.uid(3);

        // When // Then
        assertThat(WORKLOAD.commandOf(new Workload(8, 1_000, false).uid(3))).isEqualTo(-1);
        assertThat(WORKLOAD.commandOf(new UUID(own.getMostSignificantBits() + 1, own.getLeastSignificantBits())))
                .isEqualTo(-1);
    }

    @Test
    void shouldGiveEachCommandAUidOfItsOwn() {
        // When
        Set<UUID> uids = new HashSet<>();
        LongStream.range(0, 100_000).mapToObj(WORKLOAD::uid).forEach(uids::add);

        // Then
        assertThat(uids).hasSize(100_000);
    }

    @Test
    void shouldWriteWhatAClientWrites() throws IOException {
        // When
        JsonNode json = new ObjectMapper().readTree(WORKLOAD.json(5));

        // Then
        assertThat(json.path("uid").asText()).isEqualTo(WORKLOAD.uid(5).toString());
        assertThat(json.path("user_id").asText()).isEqualTo(WORKLOAD.userId(WORKLOAD.user(5)));
        assertThat(json.path("amount").asText()).matches("\\d+\\.\\d\\d");
        assertThat(Hundredths.of(json.path("amount").asText())).isEqualTo(Math.abs(WORKLOAD.amount(5)));
        assertThat(json.has("timestamp")).isFalse();
        assertThat(WORKLOAD.key(5)).asString().isEqualTo(WORKLOAD.userId(WORKLOAD.user(5)));
    }

    @Test
    void shouldWithdrawWithOneCommandInTen() {
        long withdrawals =
                LongStream.range(0, 100_000).filter(i -> WORKLOAD.amount(i) < 0).count();
        assertThat(withdrawals / 100_000.0).isCloseTo(0.1, within(0.005));
    }

    @Test
    void shouldMoveFromOneHundredthToAHundred() {
        assertThat(LongStream.range(0, 200_000)
                        .map(i -> Math.abs(WORKLOAD.amount(i)))
                        .summaryStatistics())
                .satisfies(amounts -> {
                    assertThat(amounts.getMin()).isEqualTo(1);
                    assertThat(amounts.getMax()).isEqualTo(10_000);
                });
    }

    @Test
    void shouldDrawAllUsersAlike() {
        // When
        int[] commands = new int[1_000];
        LongStream.range(0, 100_000).forEach(i -> commands[WORKLOAD.user(i)]++);

        // Then: 100 each, give or take six times the root of that.
        assertThat(Arrays.stream(commands).summaryStatistics()).satisfies(counts -> {
            assertThat(counts.getMin()).isGreaterThan(40);
            assertThat(counts.getMax()).isLessThan(160);
        });
    }

    @Test
    void shouldDateOneInAHundredBack() {
        // Given
        Workload dated = new Workload(7, 1, true);

        // When
        long late = LongStream.range(1, 100_000)
                .filter(i -> dated.effectiveMillis(i) < dated.effectiveMillis(0) + i * 60_000)
                .count();

        // Then
        assertThat(late / 100_000.0).isCloseTo(0.01, within(0.002));
        assertThat(LongStream.range(0, 100_000).map(dated::effectiveMillis).min())
                .hasValue(Workload.FIRST_DATE.toEpochMilli());
        assertThat(new String(dated.json(0), StandardCharsets.US_ASCII))
                .contains("\"timestamp\":\"" + Instant.ofEpochMilli(dated.effectiveMillis(0)) + "\"");
    }

    @Test
    void shouldTellItsUsersFromOthers() {
        assertThat(WORKLOAD.userOf("user-0")).isZero();
        assertThat(WORKLOAD.userOf("user-999")).isEqualTo(999);
        assertThat(WORKLOAD.userOf("user-1000")).isEqualTo(-1);
        assertThat(WORKLOAD.userOf("user-007")).isEqualTo(-1);
        assertThat(WORKLOAD.userOf("user--1")).isEqualTo(-1);
        assertThat(WORKLOAD.userOf("ada")).isEqualTo(-1);
    }

    @Test
    void shouldRefuseToHaveNoUsers() {
        assertThatThrownBy(() -> new Workload(1, 0, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
