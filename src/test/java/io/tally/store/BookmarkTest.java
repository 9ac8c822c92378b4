package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the offsets that Kafka Streams brings move the bookmark: those of restored records, never those of live ones. */
class BookmarkTest {
    @TempDir
    Path directory;

    private StoreRig rig;

    @BeforeEach
    void open() {
        rig = new StoreRig(directory);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldManageItsOffsetsAndStartBeforeTheFirstRecord() {
        assertThat(managesOffsets()).isTrue();
        assertThat(bookmark()).isEqualTo(-4);
    }

    @Test
    void shouldKnowItsOwnChangelogOnly() {
        assertThat(rig.store().committedOffset(new TopicPartition("journal", 1)))
                .isNull();
        assertThat(rig.store().committedOffset(new TopicPartition("other", 0))).isNull();
    }

    /** Kafka Streams commits an empty store with its word for "unknown"; 0 would skip the first record. */
    @Test
    void shouldStayBeforeTheFirstRecordWhenNothingWasRead() {
        // When
        commit(-4);

        // Then
        assertThat(bookmark()).isEqualTo(-4);
        rig.reopen();
        assertThat(bookmark()).isEqualTo(-4);
    }

    /** Kafka Streams finds offsets beside the store that an older version left there, and hands them in at once. */
    @Test
    void shouldNotTakeAnOffsetBeforeAnythingWasRestored() {
        // When
        commit(41);

        // Then
        assertThat(bookmark()).isEqualTo(-4);
    }

    @Test
    void shouldFollowRestoredBatches() {
        // Given
        JournalEntry[] entries = entriesOfAnotherStore();

        // When
        rig.restore(entries[0]);

        // Then
        assertThat(bookmark()).as("until Streams says where the batch ended").isEqualTo(-4);
        commit(0);
        assertThat(bookmark()).isEqualTo(0);
        rig.restore(entries[1]);
        assertThat(bookmark()).isEqualTo(0);
        commit(8);
        assertThat(bookmark()).isEqualTo(8);
        rig.reopen();
        assertThat(bookmark()).isEqualTo(8);
    }

    @Test
    void shouldNotFallBehindWhileRestoring() {
        // Given
        rig.restore();
        commit(8);

        // When
        commit(7);

        // Then
        assertThat(bookmark()).isEqualTo(8);
    }

    @Test
    void shouldNotFollowStreamsIntoAnOpenTransaction() {
        // Given
        rig.restore();
        commit(3);
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 5));

        // When
        commit(4);

        // Then
        assertThat(bookmark()).isEqualTo(3);
    }

    @Test
    void shouldNotFollowStreamsAfterALiveTransaction() {
        // Given
        rig.transact(4, Commands.deposit("ada", 5));

        // When
        commit(9);

        // Then
        assertThat(bookmark()).isEqualTo(4);
    }

    @Test
    void shouldNotFollowStreamsAfterAnAbort() {
        // Given
        rig.transact(4, Commands.deposit("ada", 5));
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 5));
        rig.transactions().abort();

        // When
        commit(5);

        // Then
        assertThat(bookmark()).isEqualTo(4);
    }

    /** The processor is closed before the last commit of a suspended task comes. */
    @Test
    void shouldNotFollowStreamsAfterTheProcessorIsClosed() {
        // Given
        rig.serve();
        rig.transactions().begin();
        rig.put(Commands.deposit("ada", 5));
        rig.store().stopServing();

        // When
        commit(9);

        // Then
        assertThat(bookmark()).isEqualTo(-4);
    }

    /** An active task becomes a standby without being closed. */
    @Test
    void shouldFollowAgainWhenItRestoresAgain() {
        // Given
        JournalEntry[] entries = entriesOfAnotherStore();
        rig.transactions().begin();
        rig.put(entries[0]);
        rig.transactions().commit(1, 4);

        // When
        rig.restore(entries[1]);
        commit(9);

        // Then
        assertThat(bookmark()).isEqualTo(9);
    }

    @Test
    void shouldForgetTheBookmarkWhenStreamsDistrustsTheStore() {
        // Given
        rig.transact(4, Commands.deposit("ada", 5));

        // When
        rig.store().commit(Map.of());

        // Then
        assertThat(bookmark()).isNull();
        rig.reopen();
        assertThat(bookmark()).isNull();
        rig.restore();
        commit(2);
        assertThat(bookmark()).as("an offset of a store that restores").isEqualTo(2);
    }

    private JournalEntry[] entriesOfAnotherStore() {
        try (StoreRig other = new StoreRig(directory.resolve("other"))) {
            return other.transact(1, Commands.deposit("ada", 5), Commands.deposit("ada", 6))
                    .toArray(JournalEntry[]::new);
        }
    }

    private void commit(long offset) {
        rig.store().commit(Map.of(StoreRig.CHANGELOG, offset));
    }

    @SuppressWarnings("deprecation") // As in the store itself.
    private boolean managesOffsets() {
        return rig.store().managesOffsets();
    }

    private Long bookmark() {
        return rig.store().committedOffset(StoreRig.CHANGELOG);
    }
}
