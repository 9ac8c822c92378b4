package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.CommandField;
import io.tally.wire.Flaw;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class WaitersTest {
    private static final Verdict VERDICT = new Verdict.Undecidable(Flaw.conflict(CommandField.AMOUNT));

    private final Waiters waiters = new Waiters(Runnable::run);
    private final TxScope scope = new TxScope("transactions-in", waiters, CommitListener.NONE, Runnable::run);
    private final RequestId request = waiters.nextId();
    private final CompletableFuture<Verdict> verdict = waiters.register(request);

    private void commit() {
        scope.committed(failure -> {
            throw new AssertionError(failure);
        });
    }

    @Test
    void shouldTellNothingBeforeTheCommit() {
        // When
        scope.answer(request, VERDICT);
        boolean told = verdict.isDone();
        commit();

        // Then
        assertThat(told).isFalse();
        assertThat(verdict).isCompletedWithValue(VERDICT);
        assertThat(waiters.count()).isZero();
    }

    @Test
    void shouldForgetVerdictsOfAnAbortedTransaction() {
        // When
        scope.answer(request, VERDICT);
        scope.aborted();
        commit();

        // Then: the record will be decided again.
        assertThat(verdict).isNotDone();
        assertThat(waiters.count()).isEqualTo(1);
    }

    @Test
    void shouldTellOnce() {
        // When: a header that was copied onto a second record.
        scope.answer(request, VERDICT);
        scope.answer(request, new Verdict.Undecidable(Flaw.conflict(CommandField.NAME)));
        commit();

        // Then
        assertThat(verdict).isCompletedWithValue(VERDICT);
    }

    @Test
    void shouldNotTellWhoGaveUp() {
        // When
        scope.answer(request, VERDICT);
        waiters.forget(request);
        commit();
        scope.answer(request, VERDICT);
        commit();

        // Then
        assertThat(verdict).isNotDone();
        assertThat(waiters.count()).isZero();
    }

    @Test
    void shouldNotTakeAnotherProcessForThisOne() {
        // When
        scope.answer(new RequestId(request.process() + 1, request.number()), VERDICT);
        scope.answer(null, VERDICT);
        commit();

        // Then
        assertThat(verdict).isNotDone();
    }

    @Test
    void shouldFindTheRequestInTheHeader() {
        // Given
        RecordHeaders headers = new RecordHeaders();
        request.addTo(headers);

        // Then
        assertThat(RequestId.of(headers)).isEqualTo(request);
        assertThat(RequestId.of(new RecordHeaders())).isNull();
        headers.add("tally.request", new byte[3]);
        assertThat(RequestId.of(headers)).isNull();
    }
}
