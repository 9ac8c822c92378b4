package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadCacheTest {
    private static final int ROOM = 100;

    /** A quarter of the heap holds so many heads of 200 bytes. */
    private final HeapBudget heap = new HeapBudget(ROOM * 200L * 4);

    private final HeadCache first = deciding();
    private final HeadCache second = deciding();

    @Test
    void shouldKeepWhatThereIsRoomForAndLetGoOfWhoCameFirst() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        assertThat(first.get(account(0))).isNotNull();

        first.add(head(-1));

        assertThat(first.get(account(0))).isNull();
        assertThat(first.get(account(1))).isNotNull();
        assertThat(first.get(account(-1))).isNotNull();
    }

    /** A head that is not in the database yet is nowhere else: it stays until its batch is settled. */
    @Test
    void shouldKeepHeadsThatAreOnTheirWayToTheDatabase() {
        // Given
        HeadCache copy = new HeadCache(heap);
        fill(copy, HeadCache.MIN_ACCOUNTS);
        copy.get(account(0)).batch(1);
        copy.get(account(1)).batch(2);

        // When
        IntStream.range(0, 10).forEach(user -> copy.add(head(-1 - user)));

        // Then
        assertThat(copy.get(account(0))).isNotNull();
        assertThat(copy.get(account(-10))).isNotNull();
        copy.settled(1);
        assertThat(copy.get(account(0))).isNull();
        assertThat(copy.get(account(1))).isNotNull();
        assertThat(copy.get(account(10))).isNull();
        assertThat(copy.get(account(11))).isNotNull();
        copy.settled(2);
        assertThat(copy.get(account(1))).isNotNull();
        copy.add(head(-11));
        assertThat(copy.get(account(1))).isNull();
    }

    /** Of a merchant who is in each transaction, the head is never written when a batch is settled, and came first. */
    @Test
    void shouldStayWithinItsBoundsThoughTheEldestIsAlwaysOnItsWay() {
        // Given
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        for (int batch = 1; batch <= 100; batch++) {
            // When
            first.get(account(0)).batch(batch);
            for (int i = 0; i < 50; i++) {
                CachedHead customer = head(10_000 + 50 * batch + i);
                customer.batch(batch);
                first.add(customer);
            }
            first.settled(batch - 1);
        }

        // Then
        assertThat(usersIn(first))
                .hasSizeLessThanOrEqualTo(HeadCache.MIN_ACCOUNTS + ROOM + 50)
                .contains(0);
        first.settled(100);
        assertThat(usersIn(first)).hasSize(HeadCache.MIN_ACCOUNTS + ROOM);
    }

    /** Room is taken once for a head, though it was given back while the head had to stay. */
    @Test
    void shouldTakeRoomAnewWhenItDecidesAgain() {
        // Given
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        IntStream.range(0, HeadCache.MIN_ACCOUNTS + ROOM)
                .forEach(user -> first.get(account(user)).batch(1));
        first.shrink();

        // When
        first.grow();
        first.settled(1);
        fill(second, HeadCache.MIN_ACCOUNTS + ROOM);

        // Then
        assertThat(second.get(account(0))).isNotNull();
        assertThat(first.get(account(ROOM - 1))).isNull();
        assertThat(first.get(account(ROOM))).isNotNull();
        second.close();
        IntStream.range(0, ROOM).forEach(user -> first.add(head(-1 - user)));
        assertThat(first.get(account(ROOM))).isNotNull();
        first.add(head(-1 - ROOM));
        assertThat(first.get(account(ROOM))).isNull();
    }

    @Test
    void shouldGiveRoomBackThoughHeadsAreOnTheirWay() {
        // Given
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        first.get(account(0)).batch(1);

        // When
        first.shrink();
        fill(second, HeadCache.MIN_ACCOUNTS + ROOM);

        // Then
        assertThat(second.get(account(0))).isNotNull();
        assertThat(first.get(account(0))).isNotNull();
        first.remove(account(0));
        second.add(head(-1));
        assertThat(second.get(account(0))).isNull();
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
        second.add(head(-1));
        assertThat(second.get(account(0))).isNull();
    }

    @Test
    void shouldGiveRoomBackForAnAccountThatItForgets() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);

        first.remove(account(1));
        first.remove(account(1));
        first.add(head(-1));

        assertThat(first.get(account(0))).isNotNull();
        first.add(head(-2));
        assertThat(first.get(account(0))).isNull();
    }

    /** The few that each partition has cost no room, so forgetting one of them gives none back. */
    @Test
    void shouldGiveBackNoRoomThatItDidNotTake() {
        fill(first, HeadCache.MIN_ACCOUNTS + ROOM);
        fill(second, HeadCache.MIN_ACCOUNTS);

        second.remove(account(1));
        first.add(head(-1));

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
        assertThat(first.get(account(ROOM))).isNotNull();
        assertThat(second.get(account(0))).isNotNull();
    }

    /** With as many partitions as there may be, the few of each must not take the heap of a small service. */
    @Test
    void shouldTakeLittleHoweverManyPartitionsThereAre() {
        long headBytes = 200;

        assertThat(1_024 * HeadCache.MIN_ACCOUNTS * headBytes).isLessThanOrEqualTo(256L << 20);
    }

    private HeadCache deciding() {
        HeadCache cache = new HeadCache(heap);
        cache.grow();
        return cache;
    }

    private static IntStream usersIn(HeadCache cache) {
        return IntStream.range(0, 20_000).filter(user -> cache.get(account(user)) != null);
    }

    private static void fill(HeadCache cache, int accounts) {
        IntStream.range(0, accounts).forEach(user -> cache.add(head(user)));
    }

    private static Account account(int user) {
        return new Account("user-" + user, "USD");
    }

    private static CachedHead head(int user) {
        return new CachedHead(account(user), new IndexedHead(new AccountHead(1, user, true), 0, 0));
    }
}
