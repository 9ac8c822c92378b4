package io.tally.stream;

import io.tally.ledger.CurrencyTable;
import io.tally.store.LedgerStoreSupplier;
import io.tally.store.StoreResources;
import io.tally.wire.CurrencyTables;
import java.util.function.Function;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** Checks a ledger, makes it if there is none, puts together what it consists of, and sets it going. */
public final class LedgerStart {
    private final StreamSettings settings;
    private final FailStop failStop;
    private final LedgerTopics topics;

    /** @param failStop ends the process when it cannot go on safely */
    public LedgerStart(StreamSettings settings, FailStop failStop) {
        this.settings = settings;
        this.failStop = failStop;
        this.topics = settings.topics();
    }

    /**
     * Starts to decide when all that must hold does: nothing is decided before.
     *
     * @param lastCheck called once the ledger's own checks have passed; what it throws is thrown
     * @throws StartRefusedException if a check fails; nothing runs then
     */
    public LedgerStreams run(Runnable lastCheck) {
        return run(lastCheck, parts -> () -> new LedgerProcessor(parts));
    }

    /** Starts with a processor around the ledger's own, which tests use to fail in the middle of a record. */
    LedgerStreams run(
            Runnable lastCheck, Function<LedgerParts, ProcessorSupplier<byte[], byte[], byte[], byte[]>> deciding) {
        StreamsConfig config = StreamsProperties.of(settings);
        CurrencyTable currencies = CurrencyTables.bundled();
        StoreResources resources = new StoreResources(settings.storeMemoryBytes());
        LedgerIdentity ledger = new StartChecks(settings, currencies).run(resources.memory());
        lastCheck.run();
        LedgerParts parts = parts(ledger, currencies, resources);
        ClientParts clients = clientParts(ledger, parts);
        KafkaStreams streams = new KafkaStreams(
                LedgerTopology.build(topics, parts.stores(), deciding.apply(parts)),
                config,
                new TxClientSupplier(clients));
        LedgerStreams running =
                new LedgerStreams(streams, parts, clients, ledger.origin().changelogTopicId(), settings);
        running.start();
        return running;
    }

    private LedgerParts parts(LedgerIdentity ledger, CurrencyTable currencies, StoreResources resources) {
        ThreadTransactions transactions = new ThreadTransactions(topics.input());
        LedgerStoreSupplier stores = new LedgerStoreSupplier(
                LedgerTopics.STORE,
                topics.journal(),
                ledger.origin(),
                resources,
                transactions,
                changelog ->
                        failStop.stop("the store of " + changelog + " closes in the middle of a transaction", null));
        return new LedgerParts(
                ledger.settings(),
                currencies,
                new UserPartitions(ledger.settings().partitions()),
                stores,
                transactions,
                new OutcomeRecords(currencies),
                new DeadLetterRecords(topics.input()),
                new LedgerCounters());
    }

    private ClientParts clientParts(LedgerIdentity ledger, LedgerParts parts) {
        Predecessors predecessors = new Predecessors(
                settings.kafka(),
                settings.applicationId(),
                topics,
                parts.transactions().ownIds());
        JournalWatch journal = new JournalWatch(
                settings.kafka(),
                topics.journal(),
                ledger.settings().partitions(),
                ledger.origin().changelogTopicId());
        return new ClientParts(
                parts.transactions(),
                topics,
                parts.partitions(),
                assigned -> {
                    journal.requireSame();
                    predecessors.endTransactions(assigned);
                },
                new GroupLease(),
                new InputProgress(),
                failStop);
    }
}
