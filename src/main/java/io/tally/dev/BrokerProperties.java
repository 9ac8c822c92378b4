package io.tally.dev;

import java.nio.file.Path;
import java.util.Properties;

/** Every broker setting that differs from Kafka's default, each with its reason. */
final class BrokerProperties {
    static final int NODE_ID = 1;
    static final String HOST = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private static final String CLIENT_LISTENER = "PLAINTEXT";
    private static final String FEW_PARTITIONS = "4";

    private final Properties properties = new Properties();

    private BrokerProperties() {}

    static Properties of(EmbeddedBrokerConfig config, Path logDirectory, int kafkaPort, int controllerPort) {
        BrokerProperties settings = new BrokerProperties();
        // One process is broker and controller: there is nothing else to start.
        settings.identity(logDirectory, "broker,controller");
        settings.listeners(kafkaPort, controllerPort);
        settings.oneReplicaOfEverything();
        settings.nothingIsForgotten();
        settings.quickAnswers();
        settings.leadersForLife();
        settings.failures();
        settings.bounds();
        config.overrides().forEach(settings::set);
        return settings.properties;
    }

    /** The same node as {@link #of}, without the broker and without overrides: for {@link PreviousIncarnation}. */
    static Properties controller(Path logDirectory, int controllerPort) {
        BrokerProperties settings = new BrokerProperties();
        settings.identity(logDirectory, "controller");
        settings.controllerListener(controllerPort);
        settings.set("listeners", controllerAddress(controllerPort));
        // Nobody else can be alive in a locked directory: whoever the metadata call alive is fenced at once.
        settings.set("broker.session.timeout.ms", "2");
        settings.set("broker.heartbeat.interval.ms", "1");
        settings.failures();
        return settings.properties;
    }

    private void identity(Path logDirectory, String roles) {
        set("process.roles", roles);
        set("node.id", Integer.toString(NODE_ID));
        set("log.dirs", logDirectory.toString());
    }

    private void listeners(int kafkaPort, int controllerPort) {
        // Loopback only: nobody has to log in.
        String client = CLIENT_LISTENER + "://" + HOST + ":" + kafkaPort;
        controllerListener(controllerPort);
        set("listeners", client + "," + controllerAddress(controllerPort));
        set("advertised.listeners", client);
        set("inter.broker.listener.name", CLIENT_LISTENER);
    }

    private static String controllerAddress(int port) {
        return CONTROLLER_LISTENER + "://" + HOST + ":" + port;
    }

    private void controllerListener(int port) {
        set("controller.listener.names", CONTROLLER_LISTENER);
        set("listener.security.protocol.map", CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        // Static voters: the controller's port may change between two starts.
        set("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + port);
    }

    private void oneReplicaOfEverything() {
        // The defaults want three brokers. Few partitions: 50 of each would cost start-up time and open files.
        set("default.replication.factor", "1");
        set("min.insync.replicas", "1");
        set("offsets.topic.replication.factor", "1");
        set("offsets.topic.num.partitions", FEW_PARTITIONS);
        set("transaction.state.log.replication.factor", "1");
        set("transaction.state.log.min.isr", "1");
        set("transaction.state.log.num.partitions", FEW_PARTITIONS);
        set("share.coordinator.state.topic.replication.factor", "1");
        set("share.coordinator.state.topic.min.isr", "1");
        set("share.coordinator.state.topic.num.partitions", "1");
    }

    private void nothingIsForgotten() {
        // A ledger that rested for weeks must find its committed offsets; the default forgets them after 7 days.
        set("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        // The same for the transactional id of a ledger that runs without input; the largest value is 24 days.
        set("transactional.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
        // Topics that were made by hand must not lose commands after 7 days.
        set("log.retention.ms", "-1");
        // A mistyped topic is an error and not a new, empty topic.
        set("auto.create.topics.enable", "false");
    }

    private void quickAnswers() {
        // The first instance need not wait 3 s for others to join.
        set("group.initial.rebalance.delay.ms", "0");
        // A transaction that follows closely on another meets its markers; the default of 20 ms would be
        // most of a commit.
        set("add.partitions.to.txn.retry.backoff.ms", "1");
    }

    /** While partitions have no leader, Kafka 4.3.1 loses the end of transactions (ADR 12). */
    private void leadersForLife() {
        // Broker and controller are one process: that neither hears from the other for a while means that all of it
        // stood still, by Ctrl-Z or in a frozen machine. The largest value is 24 days. After kill -9 nobody waits for
        // this: PreviousIncarnation.
        set("broker.session.timeout.ms", Integer.toString(Integer.MAX_VALUE));
        // There is nobody to hand leaders over to.
        set("controlled.shutdown.enable", "false");
    }

    private void failures() {
        // A start that cannot succeed ends with an error.
        set("server.max.startup.time.ms", "60000");
    }

    private void bounds() {
        // The cleaner would take 128 MiB of heap; internal topics with few keys need little.
        set("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        // Kafka's default, stated because dead letters and outcomes are cut to stay well below it.
        set("message.max.bytes", "1048588");
        // Kafka's default, stated because a client that asks for more is refused; the ledger asks for 1 minute.
        set("transaction.max.timeout.ms", "900000");
    }

    private void set(String name, String value) {
        properties.setProperty(name, value);
    }
}
