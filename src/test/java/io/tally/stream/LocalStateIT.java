package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tally.ledger.LedgerSettings;
import io.tally.rig.ChangedSettings;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
import io.tally.store.LedgerOrigin;
import io.tally.store.StoreMemory;
import io.tally.store.StoreStatus;
import io.tally.wire.CurrencyTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts with state in the data directory that is of something else, and on a cluster of something else. */
@Timeout(120)
class LocalStateIT {
    private static final StoreMemory MEMORY = new StoreMemory(16L << 20);
    private static final String USED = "used";

    @TempDir
    static Path directory;

    @TempDir
    static Path otherDirectory;

    private static LedgerRig rig;
    private static LedgerRig other;

    @BeforeAll
    static void useALedger() {
        rig = LedgerRig.start(directory);
        other = LedgerRig.start(otherDirectory);
        TestLedger test = new TestLedger(rig, USED, 2);
        try (LedgerStreams ledger = rig.startLedger(test.settings("one", Map.of()), new RecordedFailStop())) {
            test.awaitOutcomeOf(test.depositTogether("ada").get(0));
            assertThat(ledger.isReady()).isTrue();
        }
    }

    @AfterAll
    static void stopBrokers() {
        other.close();
        rig.close();
    }

    @Test
    void shouldAcceptItsOwnState() {
        assertThatCode(() -> start(settingsOf(rig, USED, state()))).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseTheStateOfAnotherCluster() throws Exception {
        // Given
        StreamSettings settings = settingsOf(other, USED, state());

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal)
                .contains(
                        state().resolve(USED).toString(),
                        "belongs to " + clusterId(rig),
                        "not to cluster " + clusterId(other),
                        "KAFKA_BOOTSTRAP_SERVERS",
                        "move");
        try (Admin admin = other.admin()) {
            assertThat(admin.listTopics().names().get())
                    .doesNotContainAnyElementsOf(settings.topics().names());
        }
    }

    @Test
    void shouldRefuseTheStateOfAnotherJournal() {
        // Given
        start(settingsOf(rig, "remade", directory.resolve("empty")));
        Path copy = stateAs("remade");

        // When
        String refusal = refusal(settingsOf(rig, "remade", copy));

        // Then
        assertThat(refusal)
                .contains(copy.resolve("remade").toString(), "belongs to", "not to remade-ledger-changelog", "move");
    }

    @Test
    void shouldMakeNoLedgerWhereThereIsState() {
        // When
        String refusal = refusal(settingsOf(rig, "gone", stateAs("gone")));

        // Then
        assertThat(refusal).contains("gone-transactions-in is missing", "local state", "backup");
    }

    @Test
    void shouldRefuseAJournalThatHasLostWhatTheStateHas() {
        // Given
        StreamSettings settings = settingsOf(rig, USED, state());
        StartChecks checks = new StartChecks(settings, CurrencyTables.bundled());
        Path task = state().resolve(USED).resolve("0_0");
        Path marker = task.resolve("store").resolve("MARKER");

        // When
        StartRefusedException refusal = catchThrowableOfType(
                StartRefusedException.class,
                () -> checks.refuseForeignStore(
                        new StoreStatus(task, "cluster/topic", 7L, marker),
                        new LedgerOrigin("cluster", "topic"),
                        List.of(endingAt(100))));

        // Then
        assertThat(refusal)
                .hasMessageContainingAll(
                        task.toString(),
                        "used-ledger-changelog has lost",
                        "backup, then delete " + marker,
                        "do not delete the state");
    }

    /** A commit found the journal cut and marked the store. It may have grown beyond the bookmark since. */
    @Test
    void shouldRefuseStateThatIsMarkedAsAheadOfItsJournal() throws IOException {
        // Given
        StreamSettings settings = settingsOf(rig, USED, stateAs(USED));
        Path task = settings.stateDirectory().resolve(USED).resolve("0_1");
        Path marker = Files.createFile(task.resolve("ledger").resolve("AHEAD_OF_JOURNAL"));

        // When
        String refusal = refusal(settings);

        // Then
        assertThat(refusal).contains(task.toString(), "used-ledger-changelog has lost", "then delete " + marker);
        assertThat(marker).exists();
        Files.delete(marker);
        assertThatCode(() -> start(settings)).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseABookmarkBeyondTheJournal() {
        // Given
        StreamSettings settings = settingsOf(rig, USED, state());
        StartChecks checks = new StartChecks(settings, CurrencyTables.bundled());
        LedgerOrigin origin = new LedgerOrigin("cluster", "topic");
        Path task = state().resolve(USED).resolve("0_1");
        List<JournalEnds> ends = List.of(endingAt(100), endingAt(7));

        // When
        StartRefusedException refusal = catchThrowableOfType(
                StartRefusedException.class,
                () -> checks.refuseForeignStore(new StoreStatus(task, "cluster/topic", 7L, null), origin, ends));

        // Then
        assertThat(refusal)
                .hasMessageContainingAll(
                        task.toString(),
                        "used-ledger-changelog up to 7, but the topic ends at 7",
                        "backup",
                        "do not delete the state");
        assertThatCode(() -> checks.refuseForeignStore(new StoreStatus(task, "cluster/topic", 6L, null), origin, ends))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        checks.refuseForeignStore(new StoreStatus(task, "cluster/topic", null, null), origin, ends))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAnOlderTransactionProtocol() throws Exception {
        // Given
        StreamSettings settings = settingsOf(other, "protocol", otherDirectory.resolve("empty"));
        try (Admin admin = other.admin()) {
            setTransactionVersion(admin, 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            try {
                // When
                String refusal = refusal(settings);

                // Then
                assertThat(refusal).contains("transaction.version=1", "upgrade --feature transaction.version=2");
            } finally {
                setTransactionVersion(admin, 2, FeatureUpdate.UpgradeType.UPGRADE);
            }
        }
        assertThatCode(() -> start(settings)).doesNotThrowAnyException();
    }

    private static void setTransactionVersion(Admin admin, int version, FeatureUpdate.UpgradeType type)
            throws Exception {
        admin.updateFeatures(
                        Map.of("transaction.version", new FeatureUpdate((short) version, type)),
                        new UpdateFeaturesOptions())
                .all()
                .get();
    }

    private static JournalEnds endingAt(long end) {
        return new JournalEnds(new LedgerSettings(2, "USD", false, "table", 1), "ids", true, 1, end);
    }

    private static LedgerIdentity start(StreamSettings settings) {
        return new StartChecks(settings, CurrencyTables.bundled()).run(MEMORY);
    }

    private static String refusal(StreamSettings settings) {
        StartRefusedException refusal = catchThrowableOfType(StartRefusedException.class, () -> start(settings));
        assertThat(refusal).as("the start is refused").isNotNull();
        return refusal.getMessage();
    }

    private static String clusterId(LedgerRig rig) throws Exception {
        try (Admin admin = rig.admin()) {
            return admin.describeCluster().clusterId().get();
        }
    }

    /** Where the used ledger has its state. */
    private static Path state() {
        return rig.settingsOf(USED, "one", 2, Map.of()).stateDirectory();
    }

    /** A copy of the used ledger's state under another application's name. */
    private static Path stateAs(String application) {
        Path copy = directory.resolve("copy-" + application);
        Path from = state().resolve(USED);
        Path to = copy.resolve(application);
        try (Stream<Path> files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static StreamSettings settingsOf(LedgerRig rig, String ledger, Path state) {
        return ChangedSettings.of(rig.settingsOf(ledger, "one", 2, Map.of()))
                .stateDirectory(state)
                .build();
    }
}
