package io.tally.peers;

import java.nio.file.Path;

/**
 * What a peer that reads from Kafka is told.
 *
 * @param group the consumer group, or the application id of Kafka Streams
 * @param stateDirectory for its stores
 */
record PeerSettings(String bootstrapServers, String input, String output, String group, Path stateDirectory) {
    String[] toArguments() {
        return new String[] {bootstrapServers, input, output, group, stateDirectory.toString()};
    }

    static PeerSettings ofArguments(String... arguments) {
        return new PeerSettings(arguments[0], arguments[1], arguments[2], arguments[3], Path.of(arguments[4]));
    }
}
