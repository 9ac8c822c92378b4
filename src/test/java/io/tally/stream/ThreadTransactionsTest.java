package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadTransactionsTest {
    private final ThreadTransactions transactions = new ThreadTransactions("transactions-in");
    private final RecordedParticipant store = new RecordedParticipant(new TopicPartition("journal", 0));

    @TempDir
    Path directory;

    @Test
    void shouldShareAScopeBetweenProducerAndConsumerOfAThread() {
        // When
        TxScope scope = transactions.scopeOfClient("app-StreamThread-1-producer");

        // Then
        assertThat(transactions.scopeOfClient("app-StreamThread-1-consumer")).isSameAs(scope);
        assertThat(transactions.scopeOfClient("app-StreamThread-2-producer")).isNotSameAs(scope);
        assertThatThrownBy(() -> transactions.scopeOfClient("app")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseAThreadWithoutTransaction() {
        // Given: a scope that exists but is bound to no thread, as when stores open at start.
        transactions.scopeOfClient("app-StreamThread-1-producer");

        // Then
        assertThatThrownBy(transactions::current).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transactions.enlist(store))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Thread.currentThread().getName());
        transactions.withdraw(store);
    }

    @Test
    void shouldBindAScopeToOneThread() throws InterruptedException {
        // Given
        TxScope scope = transactions.scopeOfClient("app-StreamThread-1-producer");

        // When
        transactions.bindToThread(scope);

        // Then
        assertThat(transactions.current()).isSameAs(scope);
        onAnotherThread(() -> assertThatThrownBy(transactions::current).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void shouldRefuseAPutOnAThreadWithoutTransaction() throws InterruptedException {
        // Given
        try (DriverLedger ledger = DriverLedger.open(directory, 1)) {
            // Then
            onAnotherThread(() -> assertThatThrownBy(() -> ledger.store().put(Bytes.wrap(new byte[1]), new byte[1]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Expected a stream thread"));
        }
    }

    private static void onAnotherThread(ThrowingCallable assertion) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                assertion.call();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }
}
