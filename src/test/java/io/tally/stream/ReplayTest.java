package io.tally.stream;

import static io.tally.stream.DriverLedger.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.CommandDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes out is a function of what goes in. */
class ReplayTest {
    private static final int RECORDS = 2_000;
    private static final long SEED = 20_261_123L;

    private record Sent(byte[] key, byte[] value, long timestamp) {}

    @TempDir
    Path first;

    @TempDir
    Path second;

    @Test
    void shouldGiveTheSameBytesForTheSameInput() {
        // Given
        List<Sent> input = input();

        // When
        List<TestRecord<byte[], byte[]>> once = run(first, input);
        List<TestRecord<byte[], byte[]>> again = run(second, input);

        // Then
        assertThat(once).as("seed %d", SEED).hasSizeGreaterThan(RECORDS / 2);
        assertThat(again).hasSameSizeAs(once);
        for (int i = 0; i < once.size(); i++) {
            assertThat(again.get(i).key()).isEqualTo(once.get(i).key());
            assertThat(again.get(i).value()).isEqualTo(once.get(i).value());
            assertThat(again.get(i).headers()).isEqualTo(once.get(i).headers());
            assertThat(again.get(i).timestamp()).isEqualTo(once.get(i).timestamp());
        }
    }

    private static List<TestRecord<byte[], byte[]>> run(Path directory, List<Sent> input) {
        try (DriverLedger ledger = DriverLedger.open(directory, 1)) {
            input.forEach(sent -> ledger.send(sent.key(), sent.value(), new RecordHeaders(), sent.timestamp()));
            List<TestRecord<byte[], byte[]>> output = new ArrayList<>(ledger.outcomes());
            output.addAll(ledger.deadLetters());
            return output;
        }
    }

    /** Commands of few users, repeats and conflicts among them, and one broken record in twenty. */
    private static List<Sent> input() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Sent> input = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String user = "user-" + random.nextInt(10);
            UUID uid = new UUID(1, random.nextInt(RECORDS));
            String type = random.nextBoolean() ? "DEPOSIT" : "WITHDRAW";
            String json =
                    "{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"amount\":" + (1 + random.nextInt(3)) + "}";
            boolean broken = random.nextInt(20) == 0;
            byte[] value = bytes(broken ? json.substring(random.nextInt(json.length())) : json);
            input.add(new Sent(bytes(user), value, random.nextLong(1L << 42)));
        }
        assertThat(input).allMatch(sent -> sent.value().length < CommandDecoder.MAX_VALUE_BYTES);
        return input;
    }
}
