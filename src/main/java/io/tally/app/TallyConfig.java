package io.tally.app;

import java.nio.file.Path;

/**
 * Everything that an instance is told at its start.
 *
 * @param dataDirectory absolute; one per instance
 */
public record TallyConfig(
        Path dataDirectory,
        HttpConfig http,
        LedgerConfig ledger,
        KafkaConfig kafka,
        ProcessingConfig processing,
        WebhookConfig webhook,
        DevConfig dev) {

    /** @throws ConfigException if other instances could not know how to reach this one */
    public TallyConfig {
        if (http.wildcard() && kafka.applicationServer() == null) {
            throw new ConfigException(
                    Setting.KAFKA_APPLICATION_SERVER.key(),
                    "is not set, but TALLY_HTTP_HOST is '" + http.host()
                            + "', which does not say how to reach this instance",
                    "Set it to the host:port at which other instances reach it.");
        }
    }

    /** @throws ConfigException if two settings contradict each other */
    public static TallyConfig of(SettingValues values) {
        return new TallyConfig(
                values.path(Setting.TALLY_DATA_DIR),
                HttpConfig.of(values),
                LedgerConfig.of(values),
                KafkaConfig.of(values),
                ProcessingConfig.of(values),
                WebhookConfig.of(values),
                DevConfig.of(values));
    }

    /** Where the stores live. */
    public Path stateDirectory() {
        return dataDirectory.resolve("state");
    }

    /** {@code host:port} at which other instances reach this one. */
    public String applicationServer() {
        String given = kafka.applicationServer();
        return given == null ? http.host() + ":" + http.port() : given;
    }

    TallyConfig withKafka(KafkaConfig other) {
        return new TallyConfig(dataDirectory, http, ledger, other, processing, webhook, dev);
    }
}
