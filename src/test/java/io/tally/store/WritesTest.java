package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

class WritesTest {
    private static final byte[] VALUE = {1};

    private final Writes writes = new Writes();

    @Test
    void shouldWriteInTheOrderOfKeysWhateverTheyBeginWith() throws RocksDBException {
        // Given
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            keys.add("h%s-a-long-way-to-the-first-difference-%04d".formatted("user", i));
        }

        // Then
        assertThat(written(keys)).isEqualTo(keys);
    }

    @Test
    void shouldTakeBytesForUnsigned() throws RocksDBException {
        assertThat(written(List.of("u\u0000", "u\u007f", "u\u0080", "u\u00ff")))
                .containsExactly("u\u0000", "u\u007f", "u\u0080", "u\u00ff");
    }

    @Test
    void shouldWriteEverythingThatCannotBeToldApartByItsFirstBytes() throws RocksDBException {
        // Given
        List<String> keys = List.of("a", "a0123456789", "a012345678", "a01234567", "b", "");

        // Then
        assertThat(written(keys)).containsExactlyInAnyOrderElementsOf(keys);
    }

    /** RocksDB takes the last. */
    @Test
    void shouldKeepTheOrderOfEqualKeysHoweverManyThereAre() throws RocksDBException {
        for (int count = 0; count < 70; count++) {
            // Given
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                writes.add(new byte[] {'k'}, new byte[] {(byte) i});
            }

            // When
            writes.putTo((key, value) -> order.add((int) value[0]));

            // Then
            assertThat(order).isSorted().hasSize(count);
            writes.clear();
        }
    }

    @Test
    void shouldWriteOneOrNone() throws RocksDBException {
        assertThat(written(List.of("only"))).containsExactly("only");
        assertThat(written(List.of())).isEmpty();
    }

    /** Who could not write them may try again. */
    @Test
    void shouldKeepWhatItHandedOverUntilItIsCleared() throws RocksDBException {
        // Given
        writes.add(new byte[] {'a'}, VALUE);
        List<byte[]> twice = new ArrayList<>();

        // When
        writes.putTo((key, value) -> twice.add(key));
        writes.putTo((key, value) -> twice.add(key));

        // Then
        assertThat(twice).hasSize(2);
    }

    private List<String> written(List<String> keys) throws RocksDBException {
        List<String> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(key -> writes.add(key.getBytes(StandardCharsets.ISO_8859_1), VALUE));
        List<String> order = new ArrayList<>();
        writes.putTo((key, value) -> order.add(new String(key, StandardCharsets.ISO_8859_1)));
        writes.clear();
        return order;
    }
}
