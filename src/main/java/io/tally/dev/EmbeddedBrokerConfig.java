package io.tally.dev;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What differs between two embedded brokers; the rest stands in {@link BrokerProperties}.
 *
 * @param directory where the broker keeps its data; created when missing; one broker at a time
 * @param kafkaPort the port that clients connect to, on 127.0.0.1; 0 takes any free one, a new one at each start
 * @param controllerPort the port of the controller in the same process, on 127.0.0.1; 0 takes any free one
 * @param overrides broker properties that go before ours; for tests
 */
public record EmbeddedBrokerConfig(Path directory, int kafkaPort, int controllerPort, Map<String, String> overrides) {
    /** The setting that changes {@link #kafkaPort}. */
    public static final String KAFKA_PORT_SETTING = "TALLY_DEV_KAFKA_PORT";

    /** The setting that changes {@link #controllerPort}. */
    public static final String CONTROLLER_PORT_SETTING = "TALLY_DEV_CONTROLLER_PORT";

    public EmbeddedBrokerConfig {
        Objects.requireNonNull(directory, "directory");
        overrides = Map.copyOf(overrides);
        requirePort(kafkaPort);
        requirePort(controllerPort);
    }

    public EmbeddedBrokerConfig(Path directory, int kafkaPort, int controllerPort) {
        this(directory, kafkaPort, controllerPort, Map.of());
    }

    /** A broker in this directory on free ports. */
    public static EmbeddedBrokerConfig onFreePorts(Path directory) {
        return new EmbeddedBrokerConfig(directory, 0, 0);
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("Expected a port from 0 to 65535, but got " + port);
        }
    }
}
