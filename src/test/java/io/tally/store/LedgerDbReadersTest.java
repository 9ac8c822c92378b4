package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tally.ledger.Account;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerDbReadersTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final int READERS = 4;
    private static final int ROUNDS = 200;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void shouldWaitForAReaderBeforeItCloses() throws InterruptedException {
        // Given
        LedgerDb db = open();
        deposit(db, 3);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Future<Long> slow = threads.submit(() -> db.read(reader -> {
            inside.countDown();
            awaitQuietly(leave);
            return reader.head(ADA).balance();
        }));
        inside.await();

        // When
        Thread owner = new Thread(db::close);
        owner.start();
        await().until(() -> owner.getState() == Thread.State.WAITING || owner.getState() == Thread.State.TERMINATED);

        // Then
        assertThat(owner.getState()).as("the closing thread").isEqualTo(Thread.State.WAITING);
        assertThat(db.<Boolean>read(reader -> true)).as("a newcomer's answer").isNull();
        leave.countDown();
        assertThat(slow).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(3L);
        owner.join();
        assertThat(db.<Boolean>read(reader -> true)).isNull();
    }

    @Test
    void shouldShowOneStateForAWholeReading() {
        try (LedgerDb db = open()) {
            // Given
            deposit(db, 1);

            // When
            List<Long> balances = db.read(reader -> {
                long before = reader.head(ADA).balance();
                CompletableFuture.runAsync(() -> deposit(db, 5), threads).join();
                return List.of(before, reader.head(ADA).balance(), reader.balanceAt(ADA, Long.MAX_VALUE));
            });

            // Then
            assertThat(balances).containsExactly(1L, 1L, 1L);
            assertThat(db.<Long>read(reader -> reader.head(ADA).balance())).isEqualTo(6);
        }
    }

    @Test
    void shouldLetReadersThroughAgainAfterAReadingThatThrew() {
        try (LedgerDb db = open()) {
            // When
            assertThatThrownBy(() -> db.read(reader -> {
                        throw new IllegalStateException("a bug");
                    }))
                    .hasMessage("a bug");

            // Then
            assertThat(db.<Boolean>read(reader -> true)).isTrue();
        }
    }

    @Test
    void shouldNeverFreeTheDatabaseUnderAReader() {
        // Given
        AtomicReference<LedgerDb> current = new AtomicReference<>(open());
        deposit(current.get(), 50);
        AtomicBoolean stopping = new AtomicBoolean();
        LongAdder answers = new LongAdder();
        LongAdder refusals = new LongAdder();
        List<CompletableFuture<Void>> readers = IntStream.range(0, READERS)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            while (!stopping.get()) {
                                StatementPage page = current.get().read(reader -> {
                                    assertThat(reader.user("ada")).isNotNull();
                                    return reader.statement(ADA, StatementQuery.all(20));
                                });
                                (page == null ? refusals : answers).increment();
                            }
                        },
                        threads))
                .toList();

        // When
        for (int round = 0; round < ROUNDS; round++) {
            long answered = answers.sum();
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> answers.sum() > answered || readers.stream().anyMatch(CompletableFuture::isDone));
            current.get().close();
            current.set(open());
        }

        // Then
        stopping.set(true);
        readers.forEach(CompletableFuture::join);
        current.get().close();
        assertThat(answers.sum()).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(refusals.sum()).isPositive();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("Expected nobody to interrupt", e);
        }
    }

    private LedgerDb open() {
        return LedgerDb.open(directory.resolve("ledger"), StoreRig.ORIGIN, StoreRig.MEMORY);
    }

    private void deposit(LedgerDb db, int count) {
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < count; i++) {
            decider.apply(Commands.deposit("ada", 1), overlay);
        }
        overlay.writeTo(db, overlay.head(ADA).sequence());
    }
}
