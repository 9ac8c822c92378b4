package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.store.BatchPuts.Put;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What comes out is told by RocksDB, which reads the batch. */
class WritesTest {
    static {
        RocksDB.loadLibrary();
    }

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
            for (int i = 0; i < count; i++) {
                writes.add(new byte[] {'k'}, new byte[] {(byte) i});
            }

            // When
            List<Integer> order =
                    puts(writes).stream().map(put -> (int) put.value()[0]).toList();

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

    /** Around each length at which RocksDB's batches need one byte more, and beyond what is kept in one piece. */
    @Test
    void shouldKeepKeysAndValuesOfEveryLength() throws RocksDBException {
        // Given
        Random random = new Random(11);
        Map<String, byte[]> expected = new HashMap<>();
        int[] lengths = {0, 1, 2, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 32_767, 32_768, 40_000};
        for (int keyLength : lengths) {
            for (int valueLength : lengths) {
                byte[] key = bytes(random, keyLength + 4);
                byte[] value = bytes(random, valueLength);
                expected.put(text(key), value);
                writes.add(key, value);
            }
        }

        // Then
        List<Put> puts = puts(writes);
        assertThat(puts).hasSameSizeAs(expected.keySet());
        assertThat(puts).allSatisfy(put -> assertThat(put.value()).isEqualTo(expected.get(text(put.key()))));
    }

    @Test
    void shouldTellWhatItHas() {
        // Given
        List<byte[]> keys = IntStream.range(0, 3_000)
                .mapToObj(i -> ("key-" + i).getBytes(StandardCharsets.US_ASCII))
                .toList();
        keys.forEach(key -> writes.add(key, Arrays.copyOf(key, 200)));

        // Then
        for (int i = 0; i < keys.size(); i++) {
            assertThat(writes.key(i)).isEqualTo(keys.get(i));
            assertThat(writes.value(i)).isEqualTo(Arrays.copyOf(keys.get(i), 200));
            assertThat(writes.hasKey(i, keys.get(i))).isTrue();
            assertThat(writes.hasKey(i, keys.get((i + 1) % keys.size()))).isFalse();
            assertThat(writes.hasKey(i, Arrays.copyOf(keys.get(i), 3))).isFalse();
        }
    }

    @Test
    void shouldKeepWhatItHandedOverUntilItIsCleared() throws RocksDBException {
        // Given
        writes.add(new byte[] {'a'}, VALUE);

        // Then
        assertThat(puts(writes)).hasSize(1);
        assertThat(puts(writes)).hasSize(1);
        writes.clear();
        assertThat(puts(writes)).isEmpty();
    }

    @Test
    void shouldWriteOneIndexAfterTheOther() throws RocksDBException {
        // Given
        Writes others = new Writes();
        writes.add(new byte[] {'z'}, VALUE);
        writes.add(new byte[] {'y'}, VALUE);
        others.add(new byte[] {'a'}, VALUE);

        // Then
        assertThat(puts(writes, new Writes(), others))
                .extracting(put -> text(put.key()))
                .containsExactly("y", "z", "a");
    }

    private List<String> written(List<String> keys) throws RocksDBException {
        List<String> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(key -> writes.add(key.getBytes(StandardCharsets.ISO_8859_1), VALUE));
        List<String> order = puts(writes).stream().map(put -> text(put.key())).toList();
        writes.clear();
        return order;
    }

    private static List<Put> puts(Writes... indexes) throws RocksDBException {
        try (WriteBatch batch = BatchFormat.batch(indexes);
                BatchPuts puts = new BatchPuts()) {
            batch.iterate(puts);
            assertThat(puts.all()).hasSize(batch.count());
            return puts.all();
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
