package io.tally.app.send;

import java.util.HashMap;
import java.util.Map;

/**
 * The ledger to send to.
 *
 * @param connection client settings with which Kafka is reached
 * @param input topic of commands
 * @param output topic of outcomes
 * @param deadLetters topic of what could not be decided
 * @param applicationId the ledger's consumer group, whose committed offsets tell what was processed
 */
public record Target(
        Map<String, Object> connection, String input, String output, String deadLetters, String applicationId) {
    public Target {
        connection = Map.copyOf(connection);
    }

    /** The settings of one client: those of the connection, and these, which go before them. */
    Map<String, Object> client(Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.putAll(own);
        return settings;
    }
}
