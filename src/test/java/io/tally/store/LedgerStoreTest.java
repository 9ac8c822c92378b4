package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.Command;
import io.tally.ledger.JournalEntry;
import io.tally.wire.JournalCodec;
import io.tally.wire.SettingsCodec;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live transactions and readers; what Kafka Streams' own commits do stands in {@link BookmarkTest}. */
class LedgerStoreTest {
    private static final Account ADA = new Account("ada", "USD");

    @TempDir
    Path directory;

    private int restores;
    private StoreRig rig;

    @BeforeEach
    void open() {
        rig = new StoreRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    // ---- put

    @Test
    void shouldRefuseAPutOutsideATransaction() {
        assertThatThrownBy(() -> rig.put(Commands.deposit("ada", 1))).isInstanceOf(IllegalStateException.class);
        assertThat(rig.store().view().head(ADA)).isEqualTo(AccountHead.EMPTY);
    }

    @Test
    void shouldRefuseADeletion() {
        rig.transactions().begin();

        assertThatThrownBy(() -> rig.store().put(Bytes.wrap(new byte[] {1}), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the journal only grows");
    }

    @Test
    void shouldRefuseAnEntryThatWasPutBefore() {
        // Given
        JournalEntry first = rig.transact(5, Commands.deposit("ada", 1)).get(0);
        rig.transactions().begin();

        // When
        assertThatThrownBy(() -> rig.put(first))
                // Then
                .isInstanceOf(LedgerStoreException.class)
                .hasMessage("Expected the next entry of its account, but ada already has entry 1");
    }

    @Test
    void shouldTakeAnAnnouncedEntryForItsVeryBytesOnly() {
        // Given
        rig.transactions().begin();
        JournalEntry announced =
                new Decider().decide(Commands.deposit("ada", 1), rig.store().view());
        JournalEntry other =
                new Decider().decide(Commands.deposit("bob", 2), rig.store().view());
        rig.store().announce(announced, JournalCodec.key(announced), JournalCodec.value(announced));

        // When
        rig.put(other);
        rig.put(announced);
        rig.transactions().commit(2, 5);

        // Then
        assertThat(rig.store().view().entry("bob", other.command().uid())).isEqualTo(other);
        assertThat(rig.store().view().entry("ada", announced.command().uid())).isEqualTo(announced);
    }

    @Test
    void shouldNotTakeAnAnnouncedEntryForAnotherKey() {
        // Given
        rig.transactions().begin();
        JournalEntry announced =
                new Decider().decide(Commands.deposit("ada", 1), rig.store().view());
        JournalEntry other =
                new Decider().decide(Commands.deposit("bob", 1), rig.store().view());
        byte[] value = JournalCodec.value(announced);
        rig.store().announce(announced, JournalCodec.key(announced), value);

        // When
        rig.store().put(Bytes.wrap(JournalCodec.key(other)), value);

        // Then
        assertThat(rig.store().view().entry("ada", announced.command().uid())).isNull();
        assertThat(rig.store().view().entry("bob", other.command().uid())).isNotNull();
    }

    @Test
    void shouldNotDecodeWhatWasAnnounced() {
        // Given
        rig.transactions().begin();
        JournalEntry announced =
                new Decider().decide(Commands.deposit("ada", 1), rig.store().view());
        byte[] undecodable = {99};
        rig.store().announce(announced, JournalCodec.key(announced), undecodable);

        // When
        rig.store().put(Bytes.wrap(JournalCodec.key(announced)), undecodable);

        // Then
        assertThat(rig.store().view().head(announced.command().account())).isEqualTo(new AccountHead(1, 1, true));
        rig.transactions().abort();
    }

    @Test
    void shouldEnlistAStoreThatOnlyReads() {
        // Given
        rig.transactions().begin();

        // When
        rig.store().enlist();

        // Then
        assertThat(rig.transactions().participants()).containsExactly(rig.store());
        rig.transactions().commit(0, -1);
        assertThat(bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
    }

    // ---- how transactions end

    @Test
    void shouldKeepACommittedTransactionWithItsBookmark() {
        // When
        List<JournalEntry> entries = rig.transact(17, Commands.deposit("ada", 5), Commands.withdraw("ada", 2));

        // Then
        assertThat(bookmark()).isEqualTo(17);
        rig.reopen();
        assertThat(bookmark()).isEqualTo(17);
        assertThat(rig.store().view().head(ADA)).isEqualTo(new AccountHead(2, 3, true));
        assertThat(rig.store().view().entry("ada", entries.get(1).command().uid()))
                .isEqualTo(entries.get(1));
    }

    @Test
    void shouldLeaveNoTraceOfAnAbortedTransaction() {
        // Given
        rig.transact(17, Commands.open("ada", "Ada"), Commands.deposit("ada", 5));
        SortedMap<String, String> before = contents();
        rig.transactions().begin();
        rig.put(
                Commands.withdraw("ada", 2),
                Commands.deposit(ADA, 9, 5),
                Commands.open("bob", "Bob"),
                Commands.deposit(new Account("ada", "EUR"), 1, 9));

        // When
        rig.transactions().abort();

        // Then
        assertThat(rig.store().view().head(ADA)).isEqualTo(new AccountHead(2, 5, true));
        assertThat(rig.store().view().opened("bob")).isFalse();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void shouldDecideTheSameAgainAfterAnAbortAndLeaveTheSameBytes() {
        // Given
        rig.transactions().begin();
        JournalEntry aborted = rig.put(Commands.deposit("ada", 5)).get(0);
        rig.put(Commands.deposit(ADA, 3, 7), Commands.open("bob", "Bob"));
        rig.transactions().abort();

        // When
        rig.transactions().begin();
        rig.put(aborted);
        rig.transactions().commit(1, 3);

        // Then
        try (StoreRig neverAborted = new StoreRig(directory.resolve("other"))) {
            neverAborted.transactions().begin();
            neverAborted.put(aborted);
            neverAborted.transactions().commit(1, 3);
            neverAborted.reopen();
            assertThat(contents()).isEqualTo(DatabaseFiles.contents(neverAborted.databaseDirectory()));
        }
    }

    @Test
    void shouldRefuseACommitOfOtherRecordsAndWriteNothing() {
        for (int acknowledged : new int[] {0, 1, 3}) {
            // Given
            SortedMap<String, String> before = contents();
            rig.transactions().begin();
            rig.put(Commands.deposit("ada", 5), Commands.deposit("bob", 6));

            // When
            assertThatThrownBy(() -> rig.transactions().commit(acknowledged, 17))
                    // Then
                    .isInstanceOf(LedgerStoreException.class)
                    .hasMessage(
                            "Expected the brokers to have acknowledged 2 journal entries of partition 0, but they did "
                                    + acknowledged);
            assertThat(contents()).isEqualTo(before);
        }
    }

    @Test
    void shouldRefuseACommitOfRecordsThatWereNeverPut() {
        rig.transactions().begin();
        rig.store().enlist();

        assertThatThrownBy(() -> rig.transactions().commit(1, 17)).isInstanceOf(LedgerStoreException.class);
        assertThat(bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
    }

    /** A journal that was made again gives offsets that the store has had. One below zero tells nothing. */
    @Test
    void shouldRefuseACommitThatTheJournalHasNotGrownBy() {
        // Given
        commit(Commands.deposit("ada", 5), 17);
        SortedMap<String, String> before = contents();

        // When
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 6), Commands.deposit("ada", 7));

        // Then
        Path marker = new StoreDirectory(rig.databaseDirectory()).aheadMarker();
        assertThat(marker).doesNotExist();
        for (Acknowledged behind : List.of(new Acknowledged(2, 16, 17), new Acknowledged(2, 0, 29))) {
            assertThatThrownBy(() -> rig.transactions().commitLate(behind))
                    .isInstanceOf(LedgerStoreException.class)
                    .hasMessageContaining("beyond offset 17");
        }
        assertThat(contents()).isEqualTo(before);
        assertThat(marker).exists();
        rig.transactions().abort();
        commit(Commands.deposit("ada", 6), -1);
        assertThat(bookmark()).isEqualTo(17);
        commit(Commands.deposit("ada", 7), 18);
        assertThat(bookmark()).isEqualTo(18);
    }

    /** By then the journal may have grown beyond the bookmark again, and nothing else would tell. */
    @Test
    void shouldTellTheNextStartThatTheJournalWasCut() {
        // Given
        commit(Commands.deposit("ada", 5), 17);
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 6));

        // When
        assertThatThrownBy(() -> rig.transactions().commitLate(new Acknowledged(1, 9, 9)))
                .isInstanceOf(LedgerStoreException.class);
        rig.transactions().abort();
        rig.close();

        // Then
        Path marker = rig.databaseDirectory().resolve("AHEAD_OF_JOURNAL");
        StoreStatus expected = new StoreStatus(directory, StoreRig.ORIGIN.describe(), 17L, marker);
        assertThat(StoreStatus.of(directory, StoreRig.RESOURCES.memory())).isEqualTo(expected);
        rig.reopen();
        rig.close();
        assertThat(StoreStatus.of(directory, StoreRig.RESOURCES.memory()))
                .as("after a start that did not look")
                .isEqualTo(expected);
    }

    private void commit(Command command, long offset) {
        rig.transactions().begin();
        rig.put(command);
        rig.transactions().commit(1, offset);
    }

    // ---- readers

    @Test
    void shouldNotShowAnOpenTransactionToReaders() {
        // Given
        rig.serve();
        rig.transact(1, Commands.deposit("ada", 5));
        rig.transactions().begin();

        // When
        JournalEntry open = rig.put(Commands.deposit("ada", 7)).get(0);

        // Then
        assertThat(rig.store().view().head(ADA).balance()).isEqualTo(12);
        assertThat(balance()).isEqualTo(5);
        assertThat(rig.ask(reader -> reader.entry("ada", open.command().uid())))
                .isEqualTo(new Reading.Answered<>(null));
        rig.transactions().commit(1, 2);
        assertThat(balance()).isEqualTo(12);
    }

    @Test
    void shouldShowATransactionWhenItIsInTheDatabaseAndDecideUponItBefore() {
        // Given
        rig.serve();
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 100));

        // When
        List<OnceTask> writes = rig.transactions().commitLate(1, 5);

        // Then
        assertThat(rig.ask(reader -> reader.head(ADA))).isEqualTo(new Reading.Answered<>(AccountHead.EMPTY));
        assertThat(rig.store().view().head(ADA)).isEqualTo(new AccountHead(1, 100, true));
        writes.forEach(OnceTask::complete);
        assertThat(rig.ask(reader -> reader.head(ADA)))
                .isEqualTo(new Reading.Answered<>(new AccountHead(1, 100, true)));
    }

    @Test
    void shouldWriteACommittedTransactionBeforeItCloses() {
        // Given
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 100));
        rig.transactions().commitLate(1, 5);

        // When
        rig.reopen();

        // Then
        assertThat(rig.closedInTransaction()).isEmpty();
        assertThat(rig.store().committedOffset(StoreRig.CHANGELOG)).isEqualTo(5);
        assertThat(rig.store().view().head(ADA)).isEqualTo(new AccountHead(1, 100, true));
    }

    /** A task whose partition was revoked and comes back: what it committed then may still be on its way. */
    @Test
    void shouldServeNoPositionBeforeItsData() {
        // Given
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 100));
        rig.transactions().commitLate(1, 5);
        rig.store().inputCommitted(6);

        // When
        rig.serve();

        // Then
        assertThat(rig.ask(6, reader -> reader.head(ADA)))
                .isEqualTo(new Reading.Answered<>(new AccountHead(1, 100, true)));
    }

    @Test
    void shouldSayHowFarItIsWithWhatIsOnItsWay() {
        // Given
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 100));

        // When
        rig.transactions().commitLate(1, 5);

        // Then
        assertThat(rig.store().committedOffset(StoreRig.CHANGELOG)).isEqualTo(5);
    }

    @Test
    void shouldRestoreUponWhatIsOnItsWay() {
        // Given: a task that was active becomes a standby.
        JournalEntry first = rig.transact(4, Commands.deposit("ada", 1)).get(0);
        rig.transactions().begin();
        JournalEntry second = rig.put(Commands.deposit("ada", 2)).get(0);
        rig.transactions().commitLate(1, 5);
        JournalEntry third =
                new Decider().decide(Commands.deposit("ada", 4), rig.store().view());

        // When
        rig.restore(first, second, third);

        // Then: the bookmark has not gone back to before what was on its way.
        assertThat(rig.store().view().head(ADA)).isEqualTo(new AccountHead(3, 7, true));
        assertThat(rig.store().committedOffset(StoreRig.CHANGELOG)).isEqualTo(5);
    }

    @Test
    void shouldAnswerOnlyWhileServing() {
        // Given
        rig.transact(1, Commands.deposit("ada", 5));

        // Then
        assertThat(answersFrom(0)).as("while restoring").isFalse();
        rig.serve();
        assertThat(balance()).isEqualTo(5);
        rig.store().stopServing();
        assertThat(answersFrom(0)).as("when its processor is closed").isFalse();
        rig.serve();
        rig.store().close();
        assertThat(answersFrom(0)).as("when closed").isFalse();
    }

    @Test
    void shouldNotAnswerWhenItStopsServingInTheMiddle() {
        // Given
        rig.serve();

        // When
        Reading<Long> reading = rig.ask(reader -> {
            rig.store().stopServing();
            return 1L;
        });

        // Then
        assertThat(reading).isInstanceOf(Reading.Refused.class);
    }

    @Test
    void shouldAnswerNothingBeforeItIsOpened() {
        LedgerStore unopened = (LedgerStore) rig.supplier().get();
        unopened.serve();

        assertThat(unopened.ask(new LedgerQuery<>(0, reader -> 1L))).isInstanceOf(Reading.Refused.class);
        assertThat(unopened.isOpen()).isFalse();
        assertThatThrownBy(unopened::view).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(unopened::changelog).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> unopened.commit(Map.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldAnswerOnlyWhatHasReachedTheWantedOffset() {
        // Given
        rig.serve();
        rig.store().inputCommitted(10);
        rig.store().inputCommitted(8);

        // Then
        assertThat(answersFrom(10)).isTrue();
        assertThat(answersFrom(11)).isFalse();
        rig.store().inputCommitted(11);
        assertThat(answersFrom(11)).isTrue();
    }

    @Test
    void shouldTellAbsenceFromFailure() {
        rig.serve();

        assertThat(rig.ask(reader -> reader.user("eve"))).isEqualTo(new Reading.Answered<>(null));
    }

    /** Kafka Streams' own would show what is not committed yet. */
    @Test
    void shouldAnswerNoStockQueries() {
        rig.serve();

        QueryResult<byte[]> result = rig.store()
                .query(KeyQuery.withKey(Bytes.wrap(new byte[] {1})), PositionBound.unbounded(), new QueryConfig(false));

        assertThat(result.getFailureReason()).isEqualTo(FailureReason.UNKNOWN_QUERY_TYPE);
    }

    @Test
    void shouldSayHowFarItIsOnlyWhileServing() {
        rig.store().inputCommitted(10);

        assertThat(rig.store().committedInput()).as("while restoring").isNull();
        rig.serve();
        assertThat(rig.store().committedInput()).isEqualTo(10);
        rig.store().stopServing();
        assertThat(rig.store().committedInput())
                .as("when its processor is closed")
                .isNull();
    }

    // ---- restoring

    /** The journal was emptied, and Kafka Streams takes a store that has read all of nothing for restored. */
    @Test
    void shouldNotServeWhatWasRestoredFromNothing() {
        assertThatThrownBy(() -> rig.store().serve())
                .isInstanceOf(LedgerStoreException.class)
                .hasMessageContaining("journal-0 to begin with the ledger's settings");

        assertThat(answersFrom(0)).isFalse();
    }

    @Test
    void shouldNotRestoreAJournalThatLacksItsBeginning() {
        // Given
        JournalEntry first = rig.transact(2, Commands.deposit("ada", 1)).get(0);

        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            // When, then
            assertThatThrownBy(() -> other.context().restore().restoreAll(List.of(StoreRig.bareEntry(first))))
                    .isInstanceOf(LedgerStoreException.class)
                    .hasMessageContaining("journal-0 to begin with the ledger's settings");
            assertThat(other.store().view().head(ADA)).isEqualTo(AccountHead.EMPTY);
        }
    }

    @Test
    void shouldGoOnFromItsBookmarkWithoutTheJournalsBeginning() {
        // Given
        JournalEntry[] entries = rig.transact(2, Commands.deposit("ada", 1), Commands.deposit("ada", 2))
                .toArray(JournalEntry[]::new);

        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            other.restore(entries[0]);
            other.store().commit(Map.of(StoreRig.CHANGELOG, 1L));
            other.reopen();

            // When
            other.context().restore().restoreAll(List.of(StoreRig.bareEntry(entries[1])));
            other.store().serve();

            // Then
            assertThat(other.store().view().head(ADA)).isEqualTo(new AccountHead(2, 3, true));
        }
    }

    @Test
    void shouldRestoreTheSameBytesThatLiveTransactionsLeave() {
        // Given
        JournalEntry[] entries = rig.transact(
                        2,
                        Commands.open("ada", "Ada"),
                        Commands.deposit(ADA, 5, Commands.NOON + 1),
                        Commands.withdraw(ADA, 2, 77),
                        Commands.withdraw("bob", 2))
                .toArray(JournalEntry[]::new);
        SortedMap<String, String> live = contents();

        // Then
        assertThat(contentsAfter(other -> other.restore(entries))).isEqualTo(live);
        assertThat(contentsAfter(other -> other.restoreRecords(
                        Arrays.stream(entries).map(StoreRig::bareEntry).toList())))
                .as("a journal of version 1")
                .isEqualTo(live);
    }

    private SortedMap<String, String> contentsAfter(Consumer<StoreRig> restore) {
        Path fresh = directory.resolve("restored-" + restores++);
        try (StoreRig other = new StoreRig(fresh)) {
            restore.accept(other);
            other.store().commit(Map.of(StoreRig.CHANGELOG, 2L));
            other.reopen();
            return DatabaseFiles.contents(other.databaseDirectory());
        }
    }

    @Test
    void shouldSkipWhatItHasWhenRestoring() {
        // Given
        JournalEntry first = rig.transact(1, Commands.deposit(ADA, 5, 1000)).get(0);
        JournalEntry late = rig.transact(2, Commands.deposit(ADA, 3, 500)).get(0);
        SortedMap<String, String> before = contents();

        // When
        rig.restore(first, late);

        // Then
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void shouldRestoreTheRestOfARecordWhoseFirstEntryItHas() {
        // Given
        JournalEntry[] entries = rig.transact(
                        2, Commands.deposit("ada", 1), Commands.deposit("bob", 2), Commands.deposit("ada", 3))
                .toArray(JournalEntry[]::new);
        SortedMap<String, String> live = contents();

        // Then
        assertThat(contentsAfter(other -> {
                    other.restore(entries[0]);
                    other.restore(entries);
                }))
                .isEqualTo(live);
    }

    @Test
    void shouldRestoreABatchOfMoreEntriesThanAreBroughtToTheDatabaseAtOnce() {
        // Given
        Command[] commands = IntStream.range(0, 3 * HeadCache.MIN_ACCOUNTS)
                .mapToObj(number -> Commands.deposit("user-" + number % (2 * HeadCache.MIN_ACCOUNTS), 1 + number))
                .toArray(Command[]::new);
        List<JournalEntry> entries = rig.transact(9, commands);
        SortedMap<String, String> live = contents();

        // When
        SortedMap<String, String> restored = contentsAfter(other -> {
            other.restoreRecords(IntStream.iterate(0, from -> from < entries.size(), from -> from + 70)
                    .mapToObj(from -> entries.subList(from, Math.min(from + 70, entries.size())))
                    .map(StoreRig::journalRecord)
                    .toList());
            assertThat(other.store().openEntries()).isZero();
            assertThat(other.store().restoredEntries()).isEqualTo(entries.size());
            other.store().commit(Map.of(StoreRig.CHANGELOG, 9L));
        });

        // Then
        assertThat(restored).isEqualTo(live);
    }

    /** A batch may be as large as it likes: its heads stay within what a store keeps that does not decide. */
    @Test
    void shouldNeverKeepMoreRestoredEntriesInMemoryThanItKeepsHeads() {
        // Given
        int inARecord = 70;
        Command[] commands = IntStream.range(0, 4 * HeadCache.MIN_ACCOUNTS)
                .mapToObj(number -> Commands.deposit("user-" + number, 1))
                .toArray(Command[]::new);
        List<JournalEntry> entries = rig.transact(9, commands);
        List<Long> kept = new ArrayList<>();

        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            other.begin();

            // When
            other.context().restore().restoreAll(new AbstractCollection<>() {
                @Override
                public Iterator<KeyValue<byte[], byte[]>> iterator() {
                    return IntStream.iterate(0, from -> from < entries.size(), from -> from + inARecord)
                            .peek(from -> kept.add(from - other.store().restoredEntries()))
                            .mapToObj(from -> entries.subList(from, Math.min(from + inARecord, entries.size())))
                            .map(StoreRig::journalRecord)
                            .iterator();
                }

                @Override
                public int size() {
                    return (entries.size() + inARecord - 1) / inARecord;
                }
            });

            // Then: together with the record that comes next.
            assertThat(other.store().restoredEntries()).isEqualTo(entries.size());
            assertThat(Collections.max(kept)).isBetween(1L, (long) HeadCache.MIN_ACCOUNTS - inARecord);
        }
    }

    @Test
    void shouldKeepNothingOfARestoreThatFails() {
        // Given
        JournalEntry good =
                new Decider().decide(Commands.deposit("bob", 7), rig.store().view());
        JournalEntry second;
        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            second = other.transact(2, Commands.deposit("ada", 1), Commands.deposit("ada", 2))
                    .get(1);
        }

        // When
        assertThatThrownBy(() -> rig.restore(good, second)).isInstanceOf(LedgerStoreException.class);

        // Then
        assertThat(rig.store().view().head(new Account("bob", "USD"))).isEqualTo(AccountHead.EMPTY);
        assertThat(rig.store().openEntries()).isZero();
        rig.restore(good);
        assertThat(rig.store().view().head(new Account("bob", "USD"))).isEqualTo(new AccountHead(1, 7, true));
        rig.close();
        assertThat(rig.closedInTransaction()).isEmpty();
    }

    @Test
    void shouldLeaveTheMemoryOfHeadsToThoseThatDecide() {
        // Given
        long before = StoreRig.freeHeads();
        JournalEntry[] entries = IntStream.range(0, HeadCache.MIN_ACCOUNTS + 100)
                .mapToObj(user -> new Decider()
                        .decide(Commands.deposit("user-" + user, 7), rig.store().view()))
                .toArray(JournalEntry[]::new);

        // When
        rig.restore(entries);
        long copied = StoreRig.freeHeads();
        rig.serve();
        for (int user = 0; user < HeadCache.MIN_ACCOUNTS + 100; user++) {
            rig.store().view().head(new Account("user-" + user, "USD"));
        }
        long decided = StoreRig.freeHeads();
        rig.store().stopServing();

        // Then
        assertThat(copied).isEqualTo(before);
        assertThat(decided).isEqualTo(before - 100);
        assertThat(StoreRig.freeHeads()).isEqualTo(before);
        assertThat(rig.store().view().head(new Account("user-0", "USD"))).isEqualTo(new AccountHead(1, 7, true));
    }

    @Test
    void shouldGiveTheMemoryOfHeadsBackWhenItIsClosed() {
        // Given
        long before = StoreRig.freeHeads();
        rig.serve();
        for (int user = 0; user < HeadCache.MIN_ACCOUNTS + 100; user++) {
            rig.store().view().head(new Account("user-" + user, "USD"));
        }
        assertThat(StoreRig.freeHeads()).isEqualTo(before - 100);

        // When
        rig.store().close();
        rig.store().close();

        // Then
        assertThat(StoreRig.freeHeads()).isEqualTo(before);
    }

    @Test
    void shouldRefuseARestoreIntoAnOpenTransaction() {
        // Given
        JournalEntry restored =
                new Decider().decide(Commands.deposit("bob", 7), rig.store().view());
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 100));

        // When
        assertThatThrownBy(() -> rig.restore(restored))
                // Then: nothing of either was written.
                .isInstanceOf(LedgerStoreException.class)
                .hasMessageContaining("1 entries");
        assertThat(rig.store().committedOffset(StoreRig.CHANGELOG)).isEqualTo(LedgerDb.NO_OFFSET);
    }

    @Test
    void shouldRefuseARestoreWithAGap() {
        // Given
        JournalEntry[] entries = rig.transact(2, Commands.deposit("ada", 1), Commands.deposit("ada", 2))
                .toArray(JournalEntry[]::new);

        // When
        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            // Then
            assertThatThrownBy(() -> other.restore(entries[1])).isInstanceOf(LedgerStoreException.class);
        }
    }

    @Test
    void shouldSkipTheSettingsRecord() {
        // Given
        SortedMap<String, String> before = contents();

        // When
        rig.restoreRecords(List.of(KeyValue.pair(SettingsCodec.key(), SettingsCodec.value(Decider.SETTINGS))));

        // Then
        assertThat(contents()).isEqualTo(before);
    }

    // ---- the end

    @Test
    void shouldLeaveTheTransactionWhenItCloses() {
        // Given
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 5));

        // When
        rig.store().close();

        // Then
        assertThat(rig.transactions().participants()).isEmpty();
        assertThat(rig.closedInTransaction()).containsExactly(StoreRig.CHANGELOG);
        rig.reopen();
        assertThat(rig.store().view().head(ADA)).isEqualTo(AccountHead.EMPTY);
    }

    /** Kafka Streams deletes the directory after it closed the store: the warning must come before. */
    @Test
    void shouldTellOfTheOpenTransactionBeforeItCloses() {
        // Given
        boolean[] open = new boolean[1];
        RecordingTransactions transactions = new RecordingTransactions();
        LedgerStore[] store = new LedgerStore[1];
        LedgerStoreSupplier supplier = new LedgerStoreSupplier(
                "ledger",
                StoreRig.CHANGELOG.topic(),
                StoreRig.ORIGIN,
                StoreRig.RESOURCES,
                transactions,
                changelog -> open[0] = store[0].isOpen());
        store[0] = (LedgerStore) supplier.get();
        store[0].init(new RestoringContext(directory.resolve("other")), store[0]);
        transactions.begin();
        JournalEntry entry = new Decider().decide(Commands.deposit("ada", 5), store[0].view());
        store[0].put(Bytes.wrap(JournalCodec.key(entry)), JournalCodec.value(entry));

        // When
        store[0].close();

        // Then
        assertThat(open[0]).isTrue();
    }

    @Test
    void shouldNotTellOfATransactionThatEndedOrWroteNothing() {
        // Given
        rig.transact(5, Commands.deposit("ada", 5));
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 5));
        rig.transactions().abort();
        rig.transactions().begin();
        rig.store().enlist();

        // When
        rig.store().close();
        rig.store().close();

        // Then
        assertThat(rig.closedInTransaction()).isEmpty();
        assertThat(rig.store().isOpen()).isFalse();
    }

    // ---- what Kafka Streams asks

    @Test
    void shouldBeFoundByItsPartition() {
        assertThat(rig.supplier().storeOf(0)).isSameAs(rig.store());
        rig.reopen();
        assertThat(rig.supplier().storeOf(0)).isSameAs(rig.store());
        assertThat(rig.supplier().find(1)).isNull();
        assertThatThrownBy(() -> rig.supplier().storeOf(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldDescribeItself() {
        assertThat(rig.supplier().name()).isEqualTo("ledger");
        assertThat(rig.supplier().metricsScope()).isEqualTo("ledger");
        assertThat(rig.store().name()).isEqualTo("ledger");
        assertThat(rig.store().persistent()).isTrue();
        assertThat(rig.store().isOpen()).isTrue();
        assertThat(rig.store().approximateNumEntries()).isZero();
        assertThat(rig.store().getPosition().isEmpty()).isTrue();
    }

    @Test
    void shouldBeNoMap() {
        Bytes key = Bytes.wrap(new byte[] {1});
        List<Runnable> calls = List.of(
                () -> rig.store().get(key),
                () -> rig.store().putIfAbsent(key, new byte[0]),
                () -> rig.store().putAll(List.of()),
                () -> rig.store().delete(key),
                () -> rig.store().range(key, key),
                () -> rig.store().all());

        assertThat(calls)
                .allSatisfy(call -> assertThatThrownBy(call::run).isInstanceOf(UnsupportedOperationException.class));
    }

    private Long bookmark() {
        return rig.store().committedOffset(StoreRig.CHANGELOG);
    }

    private long balance() {
        return ((Reading.Answered<Long>) rig.ask(reader -> reader.head(ADA).balance())).value();
    }

    /** Whether it answers who wants to see at least so much of the input. */
    private boolean answersFrom(long minInputOffset) {
        return rig.ask(minInputOffset, reader -> 1L) instanceof Reading.Answered;
    }

    /** What is on disk once the store is closed; opens it again. */
    private SortedMap<String, String> contents() {
        rig.store().close();
        SortedMap<String, String> contents = DatabaseFiles.contents(rig.databaseDirectory());
        rig.reopen();
        return contents;
    }
}
