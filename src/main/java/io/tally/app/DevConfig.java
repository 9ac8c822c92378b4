package io.tally.app;

import io.tally.dev.EmbeddedBrokerConfig;
import java.nio.file.Path;

/**
 * What {@code dev} and {@code broker} bring along.
 *
 * @param demo whether {@code dev} sends a little traffic
 * @param kafkaPort the embedded broker's port on 127.0.0.1; 0 takes a free one
 * @param controllerPort its controller's port on 127.0.0.1; 0 takes a free one
 */
public record DevConfig(boolean demo, int kafkaPort, int controllerPort) {
    static DevConfig of(SettingValues values) {
        return new DevConfig(
                values.flag(Setting.TALLY_DEMO),
                values.number(Setting.TALLY_DEV_KAFKA_PORT),
                values.number(Setting.TALLY_DEV_CONTROLLER_PORT));
    }

    /** The broker of this data directory. */
    EmbeddedBrokerConfig broker(Path dataDirectory) {
        return new EmbeddedBrokerConfig(dataDirectory.resolve("broker"), kafkaPort, controllerPort);
    }
}
