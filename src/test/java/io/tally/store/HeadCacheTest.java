package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadCacheTest {
    private static final int ROOM = 100;

    /** A quarter of the heap holds so many heads of 256 bytes. */
    private final HeapBudget heap = new HeapBudget(ROOM * 256L * 4);

    private final HeadCache first = deciding();
    private final HeadCache second = deciding();

    @Test
    void shouldKeepWhatThereIsRoomForAndLetGoOfWhoCameFirst() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        assertThat(first.get(account(0))).isNotNull();

        first.put(account(-1), head(7));

        assertThat(first.get(account(0))).isNull();
        assertThat(first.get(account(1))).isNotNull();
        assertThat(first.get(account(-1))).isEqualTo(head(7));
    }

    @Test
    void shouldNotGrowByAHeadThatItHas() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        first.put(account(1), head(8));

        assertThat(first.get(account(0))).isNotNull();
        assertThat(first.get(account(1))).isEqualTo(head(8));
    }

    @Test
    void shouldLeaveEachPartitionAFewWhateverOthersTook() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        fill(second, HeadCache.MIN_ACCOUNTS + 1);

        assertThat(second.get(account(0))).isNull();
        assertThat(IntStream.rangeClosed(1, HeadCache.MIN_ACCOUNTS))
                .allSatisfy(user -> assertThat(second.get(account(user))).isNotNull());
    }

    @Test
    void shouldGiveRoomBackWhenItCloses() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        first.close();
        fill(second, HeadCache.MIN_ACCOUNTS + ROOM);

        assertThat(second.get(account(0))).isNotNull();
        second.put(account(-1), head(7));
        assertThat(second.get(account(0))).isNull();
    }

    @Test
    void shouldGiveRoomBackForAnAccountThatItForgets() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        first.remove(account(1));
        first.remove(account(1));
        first.put(account(-1), head(7));

        assertThat(first.get(account(0))).isNotNull();
        first.put(account(-2), head(7));
        assertThat(first.get(account(0))).isNull();
    }

    /** The few that each partition has cost no room, so forgetting one of them gives none back. */
    @Test
    void shouldGiveBackNoRoomThatItDidNotTake() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        fill(second, HeadCache.MIN_ACCOUNTS);

        second.remove(account(1));
        first.put(account(-1), head(7));

        assertThat(first.get(account(0))).isNull();
        first.close();
        fill(first, HeadCache.MIN_ACCOUNTS + 1);
        first.remove(account(1));
        fill(second, HeadCache.MIN_ACCOUNTS + ROOM);
        assertThat(second.get(account(0))).isNotNull();
    }

    @Test
    void shouldTakeNoRoomForACopy() {
        HeadCache copy = new HeadCache(heap);

        fill(copy, HeadCache.MIN_ACCOUNTS + ROOM);

        assertThat(copy.get(account(ROOM - 1))).isNull();
        assertThat(copy.get(account(ROOM))).isNotNull();
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        assertThat(first.get(account(0))).isNotNull();
    }

    @Test
    void shouldGiveRoomBackWhenItDecidesNoLonger() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        first.shrink();
        fill(second, HeadCache.MIN_ACCOUNTS + ROOM);

        assertThat(first.get(account(ROOM - 1))).isNull();
        assertThat(first.get(account(ROOM))).isEqualTo(head(ROOM));
        assertThat(second.get(account(0))).isNotNull();
    }

    /** With as many partitions as there may be, the few of each must not take the heap of a small service. */
    @Test
    void shouldTakeLittleHoweverManyPartitionsThereAre() {
        long headBytes = 256;

        assertThat(1_024 * HeadCache.MIN_ACCOUNTS * headBytes).isLessThanOrEqualTo(256L << 20);
    }

    private HeadCache deciding() {
        HeadCache cache = new HeadCache(heap);
        cache.grow();
        return cache;
    }

    private static void fill(HeadCache cache, int accounts) {
        IntStream.range(0, accounts).forEach(user -> cache.put(account(user), head(user)));
    }

    private static Account account(int user) {
        return new Account("user-" + user, "USD");
    }

    private static IndexedHead head(long balance) {
        return new IndexedHead(new AccountHead(1, balance, true), 0, 0);
    }
}
