package io.tally.app;

import io.tally.dev.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;

/** The settings of the only instance of a ledger, on any free port. */
final class InstanceSettings {
    private InstanceSettings() {}

    static Map<String, String> of(EmbeddedBroker broker, Path dataDirectory) {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "KAFKA_GROUP_INSTANCE_ID",
                "one",
                "TALLY_HTTP_PORT",
                "0",
                "TALLY_DATA_DIR",
                dataDirectory.toString());
    }
}
