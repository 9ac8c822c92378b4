package io.tally.chaos;

import io.tally.faults.Caller;
import io.tally.faults.LedgerCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What there is to break.
 *
 * @param disk the file system of the last instance's state alone, or null where none may be mounted
 */
record World(
        ChaosSettings settings,
        Path directory,
        Brokers brokers,
        Instances instances,
        Offsets offsets,
        KafkaProducer<byte[], byte[]> producer,
        Caller caller,
        Auditor auditor,
        @Nullable Tmpfs disk) {
    static final String INPUT = "transactions-in";
    static final String OUTPUT = "transactions-out";
    static final String DEAD_LETTERS = "transactions-dlq";
    static final String GROUP = "tally";

    private static final String HEAP = "320m";

    /** Starts brokers and instances, and waits until they are ready. */
    static World start(ChaosSettings settings, Resources resources) {
        Path directory = settings.directory();
        Brokers brokers = resources.add(Brokers.start(directory, settings.brokers()));
        String bootstrap = brokers.bootstrapServers();
        List<String> names = settings.names();
        Tmpfs disk = settings.faults().contains(FaultKind.FULL_DISK)
                ? Tmpfs.mount(directory.resolve(names.get(names.size() - 1)))
                : null;
        if (disk != null) {
            resources.add(disk);
        }
        LedgerCluster cluster = LedgerCluster.on(bootstrap, directory, HEAP);
        Instances instances = resources.add(
                new Instances(cluster, names, name -> settings.environment(name, brokers.proxiedBootstrapServers())));
        instances.startAll();
        Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return new World(
                settings,
                directory,
                brokers,
                instances,
                new Offsets(resources.add(Admin.create(client)), LedgerCluster.PARTITIONS),
                resources.add(new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())),
                new Caller(cluster),
                new Auditor(bootstrap, "", GROUP),
                disk);
    }

    String anyInstance(SplittableRandom random) {
        List<String> names = instances.names();
        return names.get(random.nextInt(names.size()));
    }

    /** An instance that decides commands now, once there is one: one that has just begun has nothing to lose. */
    String anyOwner(SplittableRandom random) {
        return Awaitility.await()
                .atMost(ChaosSettings.PATIENCE)
                .pollInterval(ChaosSettings.LOOK)
                .until(
                        () -> {
                            List<String> owners = instances.names().stream()
                                    .filter(name -> !instances
                                            .cluster()
                                            .balances()
                                            .servedPartitions(name)
                                            .isEmpty())
                                    .toList();
                            return owners.isEmpty() ? "" : owners.get(random.nextInt(owners.size()));
                        },
                        name -> !name.isEmpty());
    }

    /** Whether the ledger has decided its input but for what came in the last second or so. */
    boolean isCaughtUp() {
        return offsets.lag(INPUT, GROUP) < settings.perSecond() + 100;
    }

    /** Waits for that; starts instances that ended meanwhile. */
    void awaitCaughtUp() {
        try {
            Awaitility.await()
                    .atMost(ChaosSettings.PATIENCE)
                    .pollInterval(ChaosSettings.LOOK)
                    .ignoreException(Offsets.Away.class)
                    .until(() -> {
                        instances.startDead();
                        return isCaughtUp();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "Expected the input to be decided, but it ends at " + offsets.ends(INPUT) + " and "
                            + offsets.committed(GROUP) + " is committed; owners: "
                            + instances.cluster().owners(),
                    e);
        }
    }
}
