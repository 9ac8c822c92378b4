package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FeedPositionTest {
    @Test
    void shouldBringBackWhatItWasMadeOf() {
        // Given
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            int partition = random.nextBoolean() ? FeedPosition.ALL : random.nextInt(Integer.MAX_VALUE);
            long[] next = random.longs(partition == FeedPosition.ALL ? 1 + random.nextInt(100) : 1, 0, Long.MAX_VALUE)
                    .map(offset -> offset >>> random.nextInt(63))
                    .toArray();
            int topic = random.nextInt();

            // When
            String text = FeedPosition.text(topic, partition, next);
            FeedPosition position = FeedPosition.parse(text);

            // Then
            assertThat(text).matches("[A-Za-z0-9_-]+");
            assertThat(position).isNotNull();
            assertThat(position.topic()).isEqualTo(topic);
            assertThat(position.partition()).isEqualTo(partition);
            assertThat(position.next()).isEqualTo(next);
        }
    }

    @Test
    void shouldHoldTheSmallestAndTheLargest() {
        assertThat(FeedPosition.parse(FeedPosition.text(0, 0, new long[] {0})).next())
                .containsExactly(0);
        assertThat(FeedPosition.parse(FeedPosition.text(-1, 0, new long[] {Long.MAX_VALUE}))
                        .next())
                .containsExactly(Long.MAX_VALUE);
    }

    @Test
    void shouldNoticeEveryChangedByte() {
        // Given
        byte[] bytes =
                Base64.getUrlDecoder().decode(FeedPosition.text(7, FeedPosition.ALL, new long[] {1, 300, 70_000}));

        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                // When
                bytes[i] ^= (byte) (1 << bit);

                // Then
                assertThat(FeedPosition.parse(Base64.getUrlEncoder().encodeToString(bytes)))
                        .isNull();
                bytes[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoneOfOurs() {
        assertThat(FeedPosition.parse("")).isNull();
        assertThat(FeedPosition.parse("ä")).isNull();
        assertThat(FeedPosition.parse("AAAA")).isNull();
        assertThat(FeedPosition.parse(new Position(1, 2).toText())).isNull();
    }

    /** The checksum is right in all of these: somebody has taken the trouble. */
    @Test
    void shouldRefuseForgeriesWithoutTrouble() {
        assertThat(FeedPosition.parse(forged())).isNull();
        assertThat(FeedPosition.parse(forged(1))).isNull();
        assertThat(FeedPosition.parse(forged(2, 0, 0, 0, 0, 1, 1, 0))).isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0))).isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 0, 0)))
                .as("no offset")
                .isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 1, 2, 0, 0)))
                .as("two of one")
                .isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x07, 0)))
                .as("a large array")
                .isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 1, 1, 0xff)))
                .as("an open end")
                .isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 1, 1, 0, 0)))
                .as("a rest")
                .isNull();
        assertThat(FeedPosition.parse(forged(1, 0, 0, 0, 0, 1, 1, 0))).isNotNull();
    }

    private static String forged(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length + Integer.BYTES);
        for (int b : bytes) {
            buffer.put((byte) b);
        }
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), 0, bytes.length);
        buffer.putInt((int) crc.getValue());
        return Base64.getUrlEncoder().encodeToString(buffer.array());
    }
}
