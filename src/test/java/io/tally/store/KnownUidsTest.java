package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.JournalEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is ruled out is decided as new: a single uid that is wrongly ruled out is money paid twice. */
class KnownUidsTest {
    private static final int ENTRIES = 3_000;
    private static final int STRANGERS = 1_000;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private final List<JournalEntry> entries = new ArrayList<>();
    private LedgerDb db;

    @BeforeEach
    void open() {
        open(StoreRig.RESOURCES);
    }

    private void open(StoreResources resources) {
        db = new StoreDirectory(directory.resolve("ledger")).open(StoreRig.ORIGIN, resources);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Test
    void shouldRuleOutStrangersOnceItHasReadWhatIsThere() {
        // Given
        deposit(ENTRIES);
        reopen();

        // When
        startReading();
        StoreRig.awaitBackground();

        // Then
        assertThat(ruledOut(strangers())).isGreaterThan(STRANGERS * 9 / 10);
        assertThat(ruledOut(known())).isZero();
    }

    @Test
    void shouldKnowWhatIsWrittenWhileItReadsAndLater() {
        // Given
        deposit(ENTRIES);
        reopen();

        // When
        for (int i = 0; i < ENTRIES; i++) {
            deposit(1);
        }
        StoreRig.awaitBackground();
        deposit(ENTRIES);

        // Then
        assertThat(ruledOut(strangers())).isGreaterThan(STRANGERS * 9 / 10);
        assertThat(ruledOut(known())).isZero();
    }

    /** A task that was active comes back after it was a standby: its store stays open and takes restored entries meanwhile. */
    @Test
    void shouldKnowWhatIsRestoredLater() {
        // Given
        startReading();
        StoreRig.awaitBackground();
        Overlay restored = new Overlay(db);
        Overlay elsewhere = new Overlay(db);

        // When
        for (int i = 0; i < ENTRIES; i++) {
            JournalEntry entry = decider.apply(Commands.deposit("ada", 1), elsewhere);
            entries.add(entry);
            Decider.apply(entry, restored);
        }
        restored.writeTo(ENTRIES);

        // Then
        assertThat(ruledOut(strangers())).isGreaterThan(STRANGERS * 9 / 10);
        assertThat(ruledOut(known())).isZero();
    }

    @Test
    void shouldRuleOutNothingWhenItIsClosed() {
        // Given
        deposit(1);
        StoreRig.awaitBackground();

        // When
        db.close();

        // Then
        assertThat(ruledOut(strangers())).isZero();
        assertThat(ruledOut(known())).isZero();
    }

    @Test
    void shouldGiveItsMemoryBackWhenItIsClosed() {
        // Given
        deposit(ENTRIES);
        db.close();
        StoreResources resources = new StoreResources(16 << 20);
        long before = StoreRig.freeForFilters(resources.heap());
        open(resources);

        // When
        deposit(1);
        StoreRig.awaitBackground(resources);
        assertThat(StoreRig.freeForFilters(resources.heap())).isLessThan(before);
        db.close();

        // Then
        assertThat(StoreRig.freeForFilters(resources.heap())).isEqualTo(before);
    }

    /** Whatever moment of the reading it is closed at. */
    @Test
    void shouldGiveItsMemoryBackWhenItIsClosedWhileItReads() {
        // Given
        deposit(ENTRIES);
        db.close();
        StoreResources resources = new StoreResources(16 << 20);
        long before = StoreRig.freeForFilters(resources.heap());

        for (int i = 0; i < 50; i++) {
            // When
            open(resources);
            startReading();
            db.close();
            StoreRig.awaitBackground(resources);

            // Then
            assertThat(StoreRig.freeForFilters(resources.heap())).isEqualTo(before);
        }
    }

    @Test
    void shouldKeepNothingWhenThereIsNoMemoryForAllOfIt() {
        // Given
        deposit(ENTRIES);
        db.close();
        StoreResources resources = new StoreResources(16 << 20);
        long before = StoreRig.freeForFilters(resources.heap());
        open(resources);
        assertThat(resources.heap().reserveFilter(before)).isTrue();

        // When
        startReading();
        StoreRig.awaitBackground(resources);
        resources.heap().releaseFilter(before);
        deposit(1);

        // Then
        assertThat(ruledOut(strangers())).isZero();
        assertThat(ruledOut(known())).isZero();
        assertThat(StoreRig.freeForFilters(resources.heap())).isEqualTo(before);
    }

    /** The first question does. */
    private void startReading() {
        assertThat(new Overlay(db).entry("ada", UUID.randomUUID())).isNull();
    }

    private void deposit(int count) {
        Overlay overlay = new Overlay(db);
        for (int i = 0; i < count; i++) {
            entries.add(decider.apply(Commands.deposit("ada", 1), overlay));
        }
        overlay.writeTo(entries.size());
    }

    private void reopen() {
        db.close();
        open();
    }

    private List<UUID> known() {
        return entries.stream().map(entry -> entry.command().uid()).toList();
    }

    private static List<UUID> strangers() {
        List<UUID> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            strangers.add(UUID.randomUUID());
        }
        return strangers;
    }

    private long ruledOut(List<UUID> uids) {
        return uids.stream().filter(uid -> !db.uids().mayHave(uid)).count();
    }
}
