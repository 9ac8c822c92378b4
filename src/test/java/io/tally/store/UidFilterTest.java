package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UidFilterTest {
    /** Fills several filters, each larger than the last. */
    private static final int UIDS = 600_000;

    private final UidFilter filter = new UidFilter(StoreRig.RESOURCES.heap());

    /** How clients may make their uids. */
    enum Uids {
        RANDOM(number -> {
            SplittableRandom random = new SplittableRandom(number);
            return new UUID(random.nextLong(), random.nextLong());
        }),
        COUNTED(number -> new UUID(0, number)),
        COUNTED_IN_FRONT(number -> new UUID(number, 0)),
        COUNTED_IN_THE_MIDDLE(number -> new UUID(number << 40 | 7, number >>> 24 | 9)),
        THE_SAME_TWICE(number -> new UUID(number, number));

        private final LongFunction<UUID> uid;

        Uids(LongFunction<UUID> uid) {
            this.uid = uid;
        }

        long hash(long number) {
            return UidFilter.hash(uid.apply(number));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveEveryUidThatWasAddedAndFewOthers(Uids uids) {
        // When
        for (int i = 0; i < UIDS; i++) {
            filter.add(uids.hash(i));
        }

        // Then
        int missing = 0;
        int mistaken = 0;
        for (int i = 0; i < UIDS; i++) {
            missing += filter.mayContain(uids.hash(i)) ? 0 : 1;
            mistaken += filter.mayContain(uids.hash(UIDS + i)) ? 1 : 0;
        }
        assertThat(missing).isZero();
        assertThat(mistaken).isLessThan(UIDS / 50);
    }

    @Test
    void shouldHaveNothingAtFirst() {
        assertThat(filter.mayContain(Uids.RANDOM.hash(1))).isFalse();
    }

    @Test
    void shouldNotRuleOutAnythingWhenMemoryIsUsedUp() {
        // Given
        HeapBudget heap = new HeapBudget(1L << 30);
        UidFilter small = new UidFilter(heap);
        small.add(Uids.RANDOM.hash(0));
        long rest = 0;
        while (heap.reserveFilter(1 << 20)) {
            rest += 1 << 20;
        }

        // When
        for (int i = 0; i < UIDS; i++) {
            small.add(Uids.RANDOM.hash(i));
        }

        // Then
        assertThat(small.mayContain(Uids.RANDOM.hash(0))).isTrue();
        assertThat(small.mayContain(Uids.RANDOM.hash(UIDS))).isTrue();
        heap.releaseFilter(rest);
        small.add(Uids.RANDOM.hash(UIDS + 1));
        assertThat(small.mayContain(Uids.RANDOM.hash(UIDS + 2))).isTrue();
    }

    @Test
    void shouldGiveItsMemoryBackAndRuleNothingOutAnyMore() {
        // Given
        HeapBudget heap = new HeapBudget(1L << 30);
        long before = StoreRig.freeForFilters(heap);
        UidFilter given = new UidFilter(heap);
        for (int i = 0; i < UIDS; i++) {
            given.add(Uids.RANDOM.hash(i));
        }
        assertThat(StoreRig.freeForFilters(heap)).isLessThan(before);

        // When
        given.giveUp();

        // Then
        assertThat(StoreRig.freeForFilters(heap)).isEqualTo(before);
        assertThat(given.mayContain(Uids.RANDOM.hash(UIDS))).isTrue();
    }
}
