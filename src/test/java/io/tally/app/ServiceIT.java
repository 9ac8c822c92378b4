package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import io.tally.rig.Accidents;
import io.tally.stream.StartRefusedException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is decided before everything that a start looks at is as it must be. */
class ServiceIT {
    @TempDir
    private Path folder;

    @Test
    void shouldNotRunTheLedgerWhenATopicOfWebhooksIsRefused() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.onFreePorts(folder.resolve("broker")))) {
            // Given
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                new Accidents(admin).create("webhook-endpoints", 1);
            }
            TallyConfig config =
                    TallyConfig.of(SettingValues.read(InstanceSettings.of(broker, folder.resolve("data")), Map.of()));

            // When
            assertThatThrownBy(() -> Service.start(config))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("Topic webhook-endpoints has cleanup.policy=delete");

            // Then: Kafka Streams makes it as soon as there is one.
            assertThat(config.stateDirectory()).doesNotExist();
        }
    }
}
