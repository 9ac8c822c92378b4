package io.tally.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broken database is never read wrongly and never stops the ledger: it is found out, discarded and filled anew. */
class LedgerDbDamageTest {
    private static final Account ADA = new Account("ada", "USD");
    private static final int ENTRIES = 1_500;
    private static final long BOOKMARK = 77;
    private static final int FLIPS = 40;

    @TempDir
    Path directory;

    private final Decider decider = new Decider();
    private final List<JournalEntry> entries = new ArrayList<>();
    private Path store;

    @BeforeEach
    void fill() {
        store = directory.resolve("ledger");
        try (LedgerDb db = open(store, StoreRig.RESOURCES)) {
            Overlay overlay = new Overlay(db);
            for (int i = 0; i < ENTRIES; i++) {
                long effectiveAt = Commands.NOON + (i % 7) * 86_400_000L;
                entries.add(decider.apply(Commands.deposit(ADA, 1 + i, effectiveAt), overlay));
            }
            overlay.writeTo(BOOKMARK);
        }
    }

    enum Damage {
        MISSING_DATA {
            @Override
            void in(Path store) throws IOException {
                Files.delete(DatabaseFiles.largest(store));
            }
        },
        SHORT_DATA {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.truncate(DatabaseFiles.largest(store), Files.size(DatabaseFiles.largest(store)) / 2);
            }
        },
        BROKEN_FOOTER {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.flip(DatabaseFiles.largest(store), Files.size(DatabaseFiles.largest(store)) - 4);
            }
        },
        SHORT_MANIFEST {
            @Override
            void in(Path store) throws IOException {
                Path manifest = DatabaseFiles.list(store, "MANIFEST").get(0);
                DatabaseFiles.truncate(manifest, Files.size(manifest) / 2);
            }
        },
        BROKEN_MANIFEST {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.flip(DatabaseFiles.list(store, "MANIFEST").get(0), 9);
            }
        },
        EMPTY_MANIFEST {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.truncate(DatabaseFiles.list(store, "MANIFEST").get(0), 0);
            }
        },
        MISSING_MANIFEST {
            @Override
            void in(Path store) throws IOException {
                Files.delete(DatabaseFiles.list(store, "MANIFEST").get(0));
            }
        },
        SHORT_CURRENT {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.truncate(store.resolve("CURRENT"), 5);
            }
        },
        EMPTY_CURRENT {
            @Override
            void in(Path store) throws IOException {
                DatabaseFiles.truncate(store.resolve("CURRENT"), 0);
            }
        },
        MISSING_CURRENT {
            @Override
            void in(Path store) throws IOException {
                Files.delete(store.resolve("CURRENT"));
            }
        },
        MARKED_BROKEN {
            @Override
            void in(Path store) throws IOException {
                Files.createFile(store.resolve("BROKEN"));
            }
        };

        abstract void in(Path store) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void shouldDiscardABrokenStoreAndGoOnWithAnEmptyOne(Damage damage) throws IOException {
        // Given
        damage.in(store);

        // When
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            // Then
            assertThat(db.bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
            assertThat(new Overlay(db).head(ADA).sequence()).isZero();
            assertThat(db.replacesBroken()).isTrue();
            refill(db);
        }
        assertIntact(store);
    }

    /** The origin stands in the oldest file and the bookmark in the newest: they break apart. */
    @Test
    void shouldDiscardAStoreWhoseOriginCannotBeRead() throws IOException {
        // Given
        Path oldest = DatabaseFiles.list(store, ".sst").get(0);
        String origin = StoreRig.ORIGIN.describe();
        DatabaseFiles.flip(
                oldest, Files.readString(oldest, StandardCharsets.ISO_8859_1).indexOf(origin));

        // When
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            // Then
            assertThat(db.bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
            assertThat(db.replacesBroken()).isTrue();
            refill(db);
        }
        assertIntact(store);
    }

    @Test
    void shouldMarkAStoreWhoseOwnerReadsABrokenBlock() throws IOException {
        // Given
        breakHeads();
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            assertThat(db.bookmark()).isEqualTo(BOOKMARK);

            // When
            assertThatThrownBy(() -> new Overlay(db).head(ADA)).isInstanceOf(LedgerStoreException.class);
        }

        // Then
        assertDiscarded();
    }

    @Test
    void shouldMarkAStoreWhoseOwnerExpectsAHeadInABrokenBlock() throws IOException {
        // Given
        breakHeads();
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            Overlay overlay = new Overlay(db);

            // When
            assertThatThrownBy(() -> {
                        overlay.expect(List.of(ADA));
                        overlay.head(ADA);
                    })
                    .isInstanceOf(LedgerStoreException.class);
        }

        // Then
        assertDiscarded();
    }

    @Test
    void shouldMarkAStoreWhoseReaderReadsABrokenBlock() throws IOException {
        // Given
        breakHeads();
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            // When
            assertThatThrownBy(() -> db.read(reader -> reader.head(ADA))).isInstanceOf(LedgerStoreException.class);
        }

        // Then
        assertDiscarded();
    }

    @Test
    void shouldMarkAStoreWhoseIteratorMeetsABrokenBlock() throws IOException {
        // Given
        breakHeads();
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            // When
            assertThatThrownBy(() -> db.read(reader -> reader.user("ada"))).isInstanceOf(LedgerStoreException.class);
        }

        // Then
        assertDiscarded();
    }

    @Test
    void shouldMarkAStoreWhoseStatementMeetsABrokenEntry() throws IOException {
        // Given: entries sort between heads and uids.
        DatabaseFiles.flip(DatabaseFiles.largest(store), Files.size(DatabaseFiles.largest(store)) / 3);
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            assertThat(db.<AccountHead>read(reader -> reader.head(ADA))).isNotNull();

            // When
            assertThatThrownBy(() -> db.read(LedgerDbDamageTest::statement)).isInstanceOf(LedgerStoreException.class);
        }

        // Then
        assertDiscarded();
    }

    /** Wherever a byte flips: the store is refused, or it tells the truth. */
    @Test
    void shouldNeverReadAFlippedByteWrongly() throws IOException {
        int found = 0;
        for (int i = 0; i < FLIPS; i++) {
            // Given
            Path damaged = directory.resolve("damaged-" + i);
            DatabaseFiles.copyFlipped(store, damaged, i, FLIPS);

            // When
            boolean trusted = readsRightOrRefuses(damaged);

            // Then
            try (LedgerDb db = DatabaseFiles.openAfresh(damaged)) {
                assertThat(db.bookmark()).isEqualTo(trusted ? BOOKMARK : LedgerDb.NO_OFFSET);
            }
            found += trusted ? 0 : 1;
        }
        assertThat(found).as("flips that were found out").isGreaterThan(FLIPS / 2);
    }

    private boolean readsRightOrRefuses(Path damaged) {
        StoreResources resources = new StoreResources(16L << 20);
        try (LedgerDb db = open(damaged, resources)) {
            if (db.bookmark() == LedgerDb.NO_OFFSET) {
                return false;
            }
            Overlay owner = new Overlay(db);
            assertThat(owner.entry("ada", UUID.randomUUID())).isNull();
            // Now the uids are known from memory, or could not all be read.
            StoreRig.awaitBackground(resources);
            assertFound(owner);
            db.read(reader -> {
                assertThat(statement(reader)).containsExactlyInAnyOrderElementsOf(entries);
                assertThat(reader.user("ada")).isNotNull();
                assertThat(reader.balanceAt(ADA, Commands.NOON + 5_000_000_000L))
                        .isEqualTo(entries.get(ENTRIES - 1).balance());
                return null;
            });
            return true;
        } catch (LedgerStoreException refused) {
            return false;
        }
    }

    private void assertFound(Overlay owner) {
        for (JournalEntry entry : entries) {
            assertThat(owner.entry("ada", entry.command().uid())).isEqualTo(entry);
        }
    }

    private static List<JournalEntry> statement(LedgerReader reader) {
        List<JournalEntry> items = new ArrayList<>();
        StatementQuery query = StatementQuery.all(StatementQuery.MAX_LIMIT);
        StatementPage page = reader.statement(ADA, query);
        items.addAll(page.items());
        while (page.end() != null) {
            page = reader.statement(ADA, query.after(page.end()));
            items.addAll(page.items());
        }
        return items;
    }

    /** Heads sort behind days only, so they stand in the first block. */
    private void breakHeads() throws IOException {
        DatabaseFiles.flip(DatabaseFiles.largest(store), 20);
    }

    private void assertDiscarded() {
        assertThat(store.resolve("BROKEN")).exists();
        try (LedgerDb db = DatabaseFiles.openAfresh(store)) {
            assertThat(db.bookmark()).isEqualTo(LedgerDb.NO_OFFSET);
            refill(db);
        }
        assertIntact(store);
    }

    private void refill(LedgerDb db) {
        Overlay overlay = new Overlay(db);
        entries.forEach(entry -> Decider.apply(entry, overlay));
        overlay.writeTo(BOOKMARK);
    }

    private void assertIntact(Path mended) {
        assertThat(readsRightOrRefuses(mended)).isTrue();
    }

    private static LedgerDb open(Path store, StoreResources resources) {
        return new StoreDirectory(store).open(StoreRig.ORIGIN, resources);
    }
}
