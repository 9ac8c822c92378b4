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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerDbReadersTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final int READERS = 8;
    private static final int ROUNDS = 200;
    private static final int EAGER_ROUNDS = 25;

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

    /** Readers that ask again without a pause must not hold the closing thread off by turns. */
    @Test
    void shouldCloseAlthoughReadersKeepAsking() {
        Readers readers = new Readers(Duration.ZERO);
        for (int round = 0; round < EAGER_ROUNDS; round++) {
            // Given
            readers.ask(open());
            readers.awaitAnswers();

            // When
            readers.asked().close();

            // Then
            assertThat(readers.asked().isOpen()).isFalse();
        }
        readers.stop();
    }

    @Test
    void shouldNeverFreeTheDatabaseUnderAReader() {
        // Given
        Readers readers = new Readers(Duration.ofNanos(200_000));
        LedgerDb first = open();
        deposit(first, 50);
        readers.ask(first);

        // When
        for (int round = 0; round < ROUNDS; round++) {
            readers.awaitAnswers();
            readers.asked().close();
            readers.ask(open());
        }

        // Then
        readers.stop();
        readers.asked().close();
        assertThat(readers.answers.sum()).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(readers.refusals.sum()).isPositive();
    }

    /** Threads that read whatever database stands there, over and over; a refused one may pause. */
    private final class Readers {
        private final Duration pause;
        private final AtomicReference<LedgerDb> current = new AtomicReference<>();
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final LongAdder answers = new LongAdder();
        private final LongAdder refusals = new LongAdder();
        private final List<CompletableFuture<Void>> running;

        Readers(Duration pause) {
            this.pause = pause;
            this.running = IntStream.range(0, READERS)
                    .mapToObj(i -> CompletableFuture.runAsync(this::readOn, threads))
                    .toList();
        }

        private void readOn() {
            while (!stopping.get()) {
                LedgerDb db = current.get();
                if (db != null && db.read(this::read) != null) {
                    answers.increment();
                } else {
                    refusals.increment();
                    LockSupport.parkNanos(pause.toNanos());
                }
            }
        }

        private StatementPage read(LedgerReader reader) {
            assertThat(reader.head(ADA).balance()).isEqualTo(reader.balanceAt(ADA, Long.MAX_VALUE));
            return reader.statement(ADA, StatementQuery.all(20));
        }

        void ask(LedgerDb db) {
            current.set(db);
        }

        LedgerDb asked() {
            return current.get();
        }

        void awaitAnswers() {
            long answered = answers.sum();
            await().atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> answers.sum() > answered || running.stream().anyMatch(CompletableFuture::isDone));
        }

        void stop() {
            stopping.set(true);
            running.forEach(CompletableFuture::join);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("Expected nobody to interrupt", e);
        }
    }

    private LedgerDb open() {
        return new StoreDirectory(directory.resolve("ledger")).open(StoreRig.ORIGIN, StoreRig.RESOURCES);
    }

    private void deposit(LedgerDb db, int count) {
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < count; i++) {
            decider.apply(Commands.deposit("ada", 1), overlay);
        }
        overlay.writeTo(overlay.head(ADA).sequence());
    }
}
