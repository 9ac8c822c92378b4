package io.tally.dev;

import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker of one node in this JVM, reachable on 127.0.0.1 only. Its data outlives it.
 *
 * <p>A fault that Kafka calls fatal (a full disk, lost metadata) halts the JVM. Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final BrokerDirectory directory;
    private final KafkaRaftServer server;
    private final String clusterId;
    private final int kafkaPort;
    private boolean closed;

    private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, String clusterId, int kafkaPort) {
        this.directory = directory;
        this.server = server;
        this.clusterId = clusterId;
        this.kafkaPort = kafkaPort;
    }

    /**
     * Starts the broker and returns when it answers, about 2 s later, also when it was killed before.
     *
     * @throws BrokerStartException if the directory or a port is taken, the directory belongs to something else, or the
     *     start fails otherwise
     */
    public static EmbeddedBroker start(EmbeddedBrokerConfig config) {
        FatalFaults.install();
        BrokerDirectory directory =
                BrokerDirectory.open(config.directory().toAbsolutePath().normalize());
        try {
            return start(config, directory);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedBroker start(EmbeddedBrokerConfig config, BrokerDirectory directory) {
        int kafkaPort = port(config.kafkaPort(), EmbeddedBrokerConfig.KAFKA_PORT_SETTING);
        int controllerPort = port(config.controllerPort(), EmbeddedBrokerConfig.CONTROLLER_PORT_SETTING);
        if (kafkaPort == controllerPort) {
            throw new BrokerStartException(
                    "Port %d cannot serve the broker and its controller both. Set %s to another one."
                            .formatted(kafkaPort, EmbeddedBrokerConfig.CONTROLLER_PORT_SETTING));
        }
        String clusterId = directory.format();
        if (directory.wasUsed()) {
            FatalFaults.whileStarting(
                    () -> PreviousIncarnation.fence(BrokerProperties.controller(directory.log(), controllerPort)));
        }
        Properties properties = BrokerProperties.of(config, directory.log(), kafkaPort, controllerPort);
        KafkaRaftServer server = startServer(properties);
        log.info("Embedded broker {} is up on {}:{}", clusterId, BrokerProperties.HOST, kafkaPort);
        return new EmbeddedBroker(directory, server, clusterId, kafkaPort);
    }

    private static int port(int configured, String setting) {
        if (configured == 0) {
            return LoopbackPort.free();
        }
        if (!LoopbackPort.isFree(configured)) {
            throw new BrokerStartException(
                    "Port %d on %s is taken, or not allowed to this user. Stop what listens there, or set %s to a free port."
                            .formatted(configured, BrokerProperties.HOST, setting));
        }
        return configured;
    }

    private static KafkaRaftServer startServer(Properties properties) {
        try {
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            FatalFaults.whileStarting(server::startup);
            return server;
        } catch (RuntimeException e) {
            throw new BrokerStartException("The embedded broker could not start: " + e.getMessage(), e);
        }
    }

    /** Where clients connect: one {@code host:port}. */
    public String bootstrapServers() {
        return BrokerProperties.HOST + ":" + kafkaPort;
    }

    /** The cluster's id, created with the directory. */
    public String clusterId() {
        return clusterId;
    }

    /** Waits until the broker ends. */
    public void awaitShutdown() {
        server.awaitShutdown();
    }

    /** Shuts the broker down and waits for it; a later call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            directory.close();
        }
    }
}
