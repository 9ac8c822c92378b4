package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PendingUidsTest {
    private final PendingUids uids = new PendingUids();

    @Test
    void shouldFindEveryEntryAndNoOther() {
        // Given
        List<UUID> added = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            UUID uid = UUID.randomUUID();
            added.add(uid);
            uids.add(UidFilter.hash(uid));
        }

        // Then
        assertThat(uids.size()).isEqualTo(added.size());
        for (int i = 0; i < added.size(); i++) {
            UUID uid = added.get(i);
            assertThat(uids.find(UidFilter.hash(uid), place -> added.get(place).equals(uid)))
                    .isEqualTo(i);
        }
        for (int i = 0; i < 20_000; i++) {
            UUID uid = UUID.randomUUID();
            assertThat(uids.find(UidFilter.hash(uid), place -> added.get(place).equals(uid)))
                    .isEqualTo(-1);
        }
    }

    /** Users may share a uid, and hashes may be alike in all bits that are kept. */
    @Test
    void shouldTellApartWhatHasTheSameHash() {
        // Given
        for (int i = 0; i < 100; i++) {
            uids.add(-1L);
            uids.add(0L);
            uids.add(1L);
        }

        // Then
        for (int i = 0; i < 100; i++) {
            int wanted = 3 * i;
            assertThat(uids.find(-1L, place -> place == wanted)).isEqualTo(wanted);
            assertThat(uids.find(0L, place -> place == wanted + 1)).isEqualTo(wanted + 1);
            assertThat(uids.find(1L, place -> place == wanted + 2)).isEqualTo(wanted + 2);
            assertThat(uids.find(-1L, place -> place == wanted + 1)).isEqualTo(-1);
        }
    }

    @Test
    void shouldForgetAllAndBeginAnew() {
        // Given
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 50; round++) {
            Map<Long, Integer> places = new HashMap<>();
            int count = random.nextInt(3_000);
            for (int i = 0; i < count; i++) {
                long hash = random.nextLong();
                places.put(hash, i);
                uids.add(hash);
            }

            // Then
            places.forEach((hash, place) ->
                    assertThat(uids.find(hash, candidate -> candidate == place)).isEqualTo(place));
            uids.clear();
            assertThat(uids.size()).isZero();
            places.forEach((hash, place) ->
                    assertThat(uids.find(hash, candidate -> true)).isEqualTo(-1));
        }
    }
}
