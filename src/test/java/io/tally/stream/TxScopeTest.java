package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;

import io.tally.ledger.CommandField;
import io.tally.store.Acknowledged;
import io.tally.store.OnceTask;
import io.tally.store.Participant;
import io.tally.wire.Flaw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TxScopeTest {
    private static final String INPUT = "transactions-in";
    private static final Verdict VERDICT = new Verdict.Undecidable(Flaw.conflict(CommandField.AMOUNT));
    private static final TopicPartition JOURNAL_0 = new TopicPartition("journal", 0);
    private static final TopicPartition JOURNAL_1 = new TopicPartition("journal", 1);

    private final Waiters waiters = new Waiters(Runnable::run);
    private final List<Runnable> late = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final TxScope scope = new TxScope(INPUT, waiters, CommitListener.NONE, late::add);
    private final FakeContext context = new FakeContext();
    private final RecordedParticipant store0 = new RecordedParticipant(JOURNAL_0);
    private final RecordedParticipant store1 = new RecordedParticipant(JOURNAL_1);

    private static Map<TopicPartition, OffsetAndMetadata> offset(int partition, long offset) {
        return Map.of(new TopicPartition(INPUT, partition), new OffsetAndMetadata(offset));
    }

    @Test
    void shouldTellEachStoreWhatWasAcknowledgedForIt() {
        // Given
        scope.enlist(store0);
        scope.enlist(store0);
        scope.enlist(store1);
        scope.acknowledged(JOURNAL_0, 7, 1);
        scope.acknowledged(JOURNAL_0, 9, 1);
        scope.acknowledged(JOURNAL_0, 8, 1);
        scope.offsetsAdded(offset(0, 42));

        // When
        scope.committed(failures::add);

        // Then
        assertThat(store0.told()).containsExactly("committed 3 up to 9", "written", "input 42");
        assertThat(store1.told()).containsExactly("committed 0 up to -1", "written", "input 0");
    }

    @Test
    void shouldFindTheJournalThatLacksAnEntryOrHasOneTooMany() {
        // Given
        scope.enlist(store0);
        scope.enlist(store1);
        assertThat(scope.notJournalled()).isEmpty();
        store0.put();
        scope.acknowledged(JOURNAL_1, 7, 1);

        // Then
        assertThat(scope.notJournalled()).containsExactlyInAnyOrder(0, 1);
        scope.acknowledged(JOURNAL_0, 7, 1);
        assertThat(scope.notJournalled()).containsExactly(1);
    }

    @Test
    void shouldTellOfCommitsThatHadRecords() {
        // Given
        List<Integer> told = new ArrayList<>();
        TxScope listened = new TxScope(
                INPUT,
                waiters,
                (records, ageNanos, commitNanos) -> {
                    assertThat(commitNanos).isBetween(0L, ageNanos);
                    told.add(records);
                },
                late::add);
        listened.touch(0, context.context());
        listened.touch(1, context.context());
        listened.commitBegins();
        listened.offsetsAdded(offset(0, 1));

        // When
        listened.committed(failures::add);
        listened.committed(failures::add);
        listened.touch(0, context.context());
        listened.aborted();

        // Then
        assertThat(told).containsExactly(2);
    }

    @Test
    void shouldCountTheAddingOfOffsetsAsPartOfTheCommitButNotOfThePause() {
        // Given
        List<Duration> told = new ArrayList<>();
        TxScope listened = new TxScope(
                INPUT, waiters, (records, ageNanos, commitNanos) -> told.add(Duration.ofNanos(commitNanos)), late::add);
        listened.touch(0, context.context());

        // When: the brokers take their time for the offsets.
        Duration offsetsTook = Duration.ofMillis(300);
        listened.commitBegins();
        Awaitility.await().pollDelay(offsetsTook).until(() -> true);
        listened.offsetsAdded(offset(0, 1));
        listened.committed(failures::add);

        // Then
        assertThat(told).singleElement(DURATION).isGreaterThanOrEqualTo(offsetsTook);
        assertThat(listened.pauseBeforeCommit()).isLessThan(offsetsTook);
    }

    @Test
    void shouldLetAllStoresApplyBeforeAnyOffsetShows() {
        // Given: two stores that write to the same list.
        RecordedParticipant sibling = new RecordedParticipant(JOURNAL_1, store0.told());
        scope.enlist(store0);
        scope.enlist(sibling);

        // When
        scope.committed(failures::add);

        // Then
        assertThat(store0.told()).hasSize(6);
        assertThat(store0.told().subList(0, 2)).allMatch(told -> told.startsWith("committed"));
        assertThat(store0.told().subList(2, 4)).containsOnly("written");
    }

    @Test
    void shouldTellOfAnAbortAndForgetTheTransaction() {
        // Given
        scope.enlist(store0);
        scope.touch(0, context.context());
        scope.acknowledged(JOURNAL_0, 7, 1);
        scope.offsetsAdded(offset(0, 42));

        // When
        scope.aborted();

        // Then
        assertThat(store0.told()).containsExactly("aborted");
        assertThat(scope.hasUncommitted()).isFalse();
        assertThat(scope.committedInput(0)).isZero();
        scope.enlist(store0);
        scope.committed(failures::add);
        assertThat(store0.told()).contains("committed 0 up to -1");
    }

    @Test
    void shouldTellAStoreThatClosedNothingMore() {
        // Given
        scope.enlist(store0);
        scope.enlist(store1);
        scope.touch(0, context.context());

        // When
        scope.withdraw(store0);
        scope.committed(failures::add);

        // Then
        assertThat(store0.told()).isEmpty();
        assertThat(store1.told()).isNotEmpty();
        assertThat(scope.hasUncommitted()).isFalse();
    }

    @Test
    void shouldNameThePartitionsThatACommitLeavesOut() {
        // Given
        scope.touch(0, context.context());
        scope.touch(1, context.context());

        // Then
        assertThat(scope.missingFrom(offset(0, 1))).containsExactly(1);
        assertThat(scope.missingFrom(Map.of())).containsExactlyInAnyOrder(0, 1);
        scope.withdraw(store1);
        assertThat(scope.missingFrom(offset(0, 1))).isEmpty();
    }

    @Test
    void shouldNameEveryPartitionHoweverRecordsFollowEachOther() {
        // Given
        ProcessingContext shared = context.context();
        scope.touch(0, shared);
        scope.touch(1, shared);
        assertThat(scope.missingFrom(Map.of())).containsExactlyInAnyOrder(0, 1);

        // When
        scope.committed(failures::add);
        scope.touch(1, shared);

        // Then
        assertThat(scope.missingFrom(Map.of())).containsExactly(1);

        // When
        scope.withdraw(store1);
        scope.touch(1, shared);

        // Then
        assertThat(scope.missingFrom(Map.of())).containsExactly(1);
    }

    @Test
    void shouldAskEveryTouchedTaskToCommit() {
        // Given
        scope.touch(0, context.context());
        scope.touch(1, context.context());

        // When
        scope.requestCommit();

        // Then
        assertThat(context.commits()).isEqualTo(2);
    }

    @Test
    void shouldKnowTheCommittedInputFromTheGroupAndFromItsOwnCommits() {
        // Given
        Map<TopicPartition, OffsetAndMetadata> seen = new HashMap<>(offset(0, 10));
        seen.put(new TopicPartition(INPUT, 1), null);

        // When
        scope.committedInputSeen(seen);
        scope.committedInputSeen(offset(0, 5));

        // Then: an older answer does not turn it back.
        assertThat(scope.committedInput(0)).isEqualTo(10);
        assertThat(scope.committedInput(1)).isZero();
        scope.offsetsAdded(offset(0, 12));
        assertThat(scope.committedInput(0)).isEqualTo(10);
        scope.committed(failures::add);
        assertThat(scope.committedInput(0)).isEqualTo(12);
    }

    @Test
    void shouldPauseAsLongAsTheLastCommitTook() {
        // Given
        Duration took = Duration.ofMillis(200);
        scope.offsetsAdded(Map.of());
        Awaitility.await().pollDelay(took).until(() -> true);

        // When
        scope.committed(failures::add);

        // Then
        assertThat(scope.pauseBeforeCommit()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
        Awaitility.await().until(() -> scope.pauseBeforeCommit().isZero());
    }

    /** So many that another thread writes the stores. */
    private void decideMany() {
        for (int i = 0; i <= TxScope.AT_ONCE; i++) {
            scope.touch(0, context.context());
        }
        scope.enlist(store0);
    }

    @Test
    void shouldLeaveALargeTransactionsStoresAndAnswersToAnotherThread() {
        // Given
        RequestId request = waiters.nextId();
        CompletableFuture<Verdict> answer = waiters.register(request);
        decideMany();
        scope.answer(request, VERDICT);
        scope.offsetsAdded(offset(0, 42));

        // When
        scope.committed(failures::add);

        // Then
        assertThat(store0.told()).containsExactly("committed 0 up to -1");
        assertThat(answer).isNotDone();
        assertThat(scope.hasUncommitted()).isFalse();
        assertThat(scope.committedInput(0)).isEqualTo(42);

        late.forEach(Runnable::run);
        assertThat(store0.told()).containsExactly("committed 0 up to -1", "written", "input 42");
        assertThat(answer).isCompletedWithValue(VERDICT);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldBringOneTransactionToItsStoresBeforeItEndsTheNext() {
        // Given
        decideMany();
        scope.offsetsAdded(offset(0, 42));
        scope.committed(failures::add);
        scope.enlist(store0);
        scope.offsetsAdded(offset(0, 43));

        // When: the thread has not come to it yet.
        scope.committed(failures::add);
        late.forEach(Runnable::run);

        // Then
        assertThat(store0.told())
                .containsExactly(
                        "committed 0 up to -1", "written", "input 42", "committed 0 up to -1", "written", "input 43");
    }

    @Test
    void shouldWriteTheStoresOfASmallerTransactionAtOnce() {
        // Given
        for (int i = 0; i < TxScope.AT_ONCE; i++) {
            scope.touch(0, context.context());
        }
        scope.enlist(store0);

        // When
        scope.committed(failures::add);

        // Then
        assertThat(store0.told()).containsExactly("committed 0 up to -1", "written", "input 0");
        assertThat(late).isEmpty();
    }

    /** Who hears of a decision may look it up at once. */
    @ParameterizedTest
    @ValueSource(ints = {TxScope.AT_ONCE, TxScope.AT_ONCE + 1})
    void shouldTellCallersLast(int records) {
        // Given
        for (int i = 0; i < records; i++) {
            scope.touch(0, context.context());
        }
        scope.enlist(store0);
        RequestId request = waiters.nextId();
        var unused =
                waiters.register(request).thenAccept(verdict -> store0.told().add("told"));
        scope.answer(request, VERDICT);
        scope.offsetsAdded(offset(0, 42));

        // When
        scope.committed(failures::add);
        late.forEach(Runnable::run);

        // Then
        assertThat(store0.told()).containsExactly("committed 0 up to -1", "written", "input 42", "told");
    }

    @Test
    void shouldWriteTheStoresItselfWhenThereIsNoOtherThread() {
        // Given
        TxScope alone = new TxScope(INPUT, waiters, CommitListener.NONE, work -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        for (int i = 0; i <= TxScope.AT_ONCE; i++) {
            alone.touch(0, context.context());
        }
        alone.enlist(store0);

        // When
        alone.committed(failures::add);

        // Then
        assertThat(store0.told()).containsExactly("committed 0 up to -1", "written", "input 0");
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldTellOfAnErrorInAnotherThread() {
        // Given
        Error error = new NoClassDefFoundError("org/rocksdb/WriteBatch");

        // When
        failLate(error);

        // Then
        assertThat(failures).containsExactly(error);
    }

    @Test
    void shouldTellWhenStoresCannotBeWrittenLater() {
        // Given
        RuntimeException full = new IllegalStateException("The disk is full");

        // When
        failLate(full);

        // Then: nobody goes on as if it were there.
        assertThat(failures).containsExactly(full);
        assertThat(store0.told()).doesNotContain("input 0");
        assertThatThrownBy(() -> scope.committed(failures::add)).isSameAs(full);
    }

    /** Another thread cannot write one of a large transaction's stores. */
    private void failLate(Throwable failure) {
        decideMany();
        scope.enlist(new FailingParticipant(JOURNAL_1, failure));
        scope.committed(failures::add);
        late.forEach(Runnable::run);
    }

    private record FailingParticipant(TopicPartition changelog, Throwable failure) implements Participant {
        @Override
        public int openEntries() {
            return 0;
        }

        @Override
        public OnceTask committed(Acknowledged acknowledged) {
            return new OnceTask(() -> {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            });
        }

        @Override
        public void aborted() {}

        @Override
        public void inputCommitted(long offset) {
            throw new AssertionError("Expected no offset of what is not there, but got " + offset);
        }
    }
}
