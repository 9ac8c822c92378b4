package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.ledger.LedgerSettings;
import io.tally.store.LedgerOrigin;
import io.tally.store.LedgerStoreException;
import io.tally.store.StoreMemory;
import io.tally.store.StoreStatus;
import io.tally.stream.HangingTransactions.Hanging;
import io.tally.wire.JournalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must hold before the first record is decided. A ledger is made only where there is nothing of one; whatever was lost
 * is refused and never replaced by zero.
 */
final class StartChecks {
    private static final Logger log = LoggerFactory.getLogger(StartChecks.class);

    private final StreamSettings settings;
    private final CurrencyTable currencies;
    private final LedgerTopics topics;

    StartChecks(StreamSettings settings, CurrencyTable currencies) {
        this.settings = settings;
        this.currencies = currencies;
        this.topics = settings.topics();
    }

    /**
     * Runs all checks, making a new ledger if there is none.
     *
     * @throws StartRefusedException if one of them fails
     */
    LedgerIdentity run(StoreMemory memory) {
        try (Admin admin = Admin.create(new HashMap<>(settings.kafka()))) {
            String clusterId = AdminCalls.await(admin.describeCluster().clusterId(), "which cluster it is");
            FeaturesCheck.check(admin);
            List<StoreStatus> stores = stores(memory);
            stores.forEach(store -> refuseOtherCluster(store, clusterId));
            FoundTopics found = new TopicsCheck(admin, topics, settings.ledger()).findOrCreate(stores.isEmpty());
            int partitions = found.partitionCount();
            LedgerOrigin origin =
                    new LedgerOrigin(clusterId, found.journal().topicId().toString());
            Journal journal = new Journal(settings.kafka(), topics.journal(), partitions);
            GroupOffsets group = new GroupOffsets(admin, settings.applicationId(), topics.input(), partitions);

            LedgerSettings wanted = wantedSettings(partitions);
            String topicIds = found.idsOfRecords();
            // Before offsets and journal: outcomes that are there by now have both, whoever makes the ledger meanwhile.
            boolean hasOutcomes = !group.isEmpty(found.output());
            List<JournalEnds> ends = openNewPartitions(journal, group, wanted, topicIds, hasOutcomes);
            refuseOthers(ends, wanted, topicIds);
            refuseHanging(new HangingTransactions(admin));
            group.refuseLost();
            stores.forEach(store -> refuseForeignStore(store, origin, ends));
            return new LedgerIdentity(wanted, origin);
        }
    }

    /** Without journal and offsets it looks like a new ledger; its outcomes tell that it is not. */
    private StartRefusedException lostLedger() {
        return new StartRefusedException("Topic " + topics.output()
                + " has outcomes, but there are neither journal entries"
                + " nor committed offsets: the ledger was lost, and a new one would decide its input again. Bring "
                + topics.journal() + " back from a backup, or make a new ledger with other topics: set another"
                + " TALLY_TOPIC_PREFIX and KAFKA_APPLICATION_ID.");
    }

    private LedgerSettings wantedSettings(int partitions) {
        StreamSettings.NewLedger wanted = settings.ledger();
        if (currencies.digits(wanted.defaultCurrency()) == null) {
            throw new StartRefusedException(
                    "TALLY_CURRENCY is " + wanted.defaultCurrency() + ", which is not a currency of table "
                            + currencies.version() + ". Use an ISO 4217 code such as USD.");
        }
        return new LedgerSettings(
                partitions,
                wanted.defaultCurrency(),
                wanted.registrationRequired(),
                currencies.version(),
                LedgerSettings.RULES_VERSION);
    }

    /**
     * Makes the ledger, or finishes making it after a stop in the middle: as long as no input offset is committed, nothing
     * was decided.
     */
    List<JournalEnds> openNewPartitions(
            Journal journal, GroupOffsets group, LedgerSettings wanted, String topicIds, boolean hasOutcomes) {
        // In this order: another instance writes the settings before it commits the first offsets.
        Map<TopicPartition, Long> committed = group.committed();
        List<JournalEnds> ends = journal.ends();
        List<Integer> untouched = new ArrayList<>();
        for (int partition = 0; partition < ends.size(); partition++) {
            if (ends.get(partition).isUntouched()) {
                untouched.add(partition);
            }
        }
        boolean decided = ends.stream().anyMatch(JournalEnds::decided);
        if (!untouched.isEmpty() && (decided || !committed.isEmpty())) {
            throw new StartRefusedException(
                    "Partitions " + untouched + " of " + topics.journal()
                            + " are empty although group " + settings.applicationId()
                            + " has committed input offsets or other partitions have entries: the balances"
                            + " were lost. Bring the topic back from a backup, or rebuild it with new topics, see docs/OPERATIONS.md.");
        }
        boolean looksNew = committed.isEmpty() && !decided;
        if (looksNew && hasOutcomes) {
            throw lostLedger();
        }
        if (!untouched.isEmpty()) {
            log.info("A new ledger: {}", wanted);
            journal.open(untouched, wanted, topicIds);
            ends = journal.ends();
        }
        if (looksNew) {
            group.commitBeginnings();
        }
        return ends;
    }

    private void refuseOthers(List<JournalEnds> ends, LedgerSettings wanted, String topicIds) {
        for (int partition = 0; partition < ends.size(); partition++) {
            JournalEnds found = ends.get(partition);
            if (found.settings() == null) {
                throw new StartRefusedException("Partition " + partition + " of " + topics.journal()
                        + " does not begin with the ledger's settings: its first records were deleted. Bring the topic back"
                        + " from a backup.");
            }
            refuseNewer(partition, found.newestVersion());
            refuseOtherSettings(found.settings(), wanted);
            if (!topicIds.equals(found.topicIds())) {
                throw new StartRefusedException("One of " + topics.input() + ", " + topics.output() + " and "
                        + topics.deadLetters() + " was deleted and made again: the ledger was made with topic ids "
                        + found.topicIds() + " and finds " + topicIds + ". Start a new ledger under another"
                        + " TALLY_TOPIC_PREFIX and KAFKA_APPLICATION_ID, or bring the topics back from a backup.");
            }
        }
    }

    /** Of the ledger's own only: what this process writes next would be joined to them. */
    private void refuseHanging(HangingTransactions transactions) {
        List<Hanging> own = transactions.in(topics.names()).stream()
                .filter(hanging -> hanging.transactionalId() != null
                        && hanging.transactionalId().startsWith(settings.applicationId() + "-"))
                .toList();
        if (!own.isEmpty()) {
            throw new StartRefusedException("Transactions of this ledger have ended, but are open for ever in "
                    + own.stream()
                            .map(hanging -> hanging.partition() + " from offset " + hanging.startOffset())
                            .toList()
                    + ": a fault of Kafka 4.3. What is written next would be taken for a part of them. See docs/OPERATIONS.md,"
                    + " Transactions that Kafka leaves open.");
        }
    }

    /** Read later, in the middle of a restore, it would stop the process again and again. */
    private void refuseNewer(int partition, int version) {
        if (version > JournalRecord.VERSION) {
            throw new StartRefusedException("Partition " + partition + " of " + topics.journal()
                    + " has records of version " + version
                    + ", which a newer Tally has written; this one reads up to version "
                    + JournalRecord.VERSION + ". Run the newer one again.");
        }
    }

    private static void refuseOtherSettings(LedgerSettings ledger, LedgerSettings wanted) {
        refuseOther("TALLY_PARTITIONS", ledger.partitions(), wanted.partitions());
        refuseOther("TALLY_CURRENCY", ledger.defaultCurrency(), wanted.defaultCurrency());
        refuseOther("TALLY_REQUIRE_REGISTRATION", ledger.registrationRequired(), wanted.registrationRequired());
        refuseOther("The currency table", ledger.currencyTableVersion(), wanted.currencyTableVersion());
        refuseOther("The rules version", ledger.rulesVersion(), wanted.rulesVersion());
    }

    private static void refuseOther(String setting, Object ledger, Object wanted) {
        if (!ledger.equals(wanted)) {
            throw new StartRefusedException(setting + " is " + wanted + " but this ledger was made with " + ledger
                    + ", which its outcomes depend on. Set it back to " + ledger + ".");
        }
    }

    private Path taskDirectories() {
        return settings.stateDirectory().resolve(settings.applicationId());
    }

    private List<StoreStatus> stores(StoreMemory memory) {
        if (!Files.isDirectory(taskDirectories())) {
            return List.of();
        }
        try (Stream<Path> tasks = Files.list(taskDirectories())) {
            return tasks.map(task -> StoreStatus.of(task, memory))
                    .filter(Objects::nonNull)
                    .toList();
        } catch (IOException | LedgerStoreException e) {
            throw new StartRefusedException(
                    "The state in " + taskDirectories() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void refuseOtherCluster(StoreStatus store, String clusterId) {
        if (store.isOfOtherCluster(clusterId)) {
            throw foreign(store, "cluster " + clusterId);
        }
    }

    void refuseForeignStore(StoreStatus store, LedgerOrigin origin, List<JournalEnds> ends) {
        if (store.isOfOther(origin)) {
            throw foreign(store, topics.journal() + " with id " + origin.changelogTopicId());
        }
        if (store.aheadMarker() != null) {
            throw new StartRefusedException(
                    "The state in " + store.directory() + " has entries that " + topics.journal()
                            + " has lost: its brokers took new ones at offsets that were read before. Bring the topic back from a"
                            + " backup, then delete " + store.aheadMarker()
                            + "; do not delete the state, it knows more than Kafka does.");
        }
        Long bookmark = store.bookmark();
        long end = ends.get(store.partition()).end();
        if (bookmark != null && bookmark >= end) {
            throw new StartRefusedException(
                    "The state in " + store.directory() + " has read " + topics.journal() + " up to "
                            + bookmark + ", but the topic ends at " + end
                            + ": Kafka lost committed records. Bring the topic back from"
                            + " a backup; do not delete the state, it knows more than Kafka does.");
        }
    }

    private StartRefusedException foreign(StoreStatus store, String found) {
        return new StartRefusedException(
                "The state in " + store.directory() + " belongs to " + store.origin() + " and not to "
                        + found + ": Kafka's data was lost or made again, or this is another cluster. Check"
                        + " KAFKA_BOOTSTRAP_SERVERS; if the cluster is right, move " + taskDirectories() + " away.");
    }
}
