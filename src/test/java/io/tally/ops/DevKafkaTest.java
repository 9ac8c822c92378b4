package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Properties;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

/** The broker of the dev overlay would start with what it is told. */
class DevKafkaTest {
    @Test
    void shouldHaveSettingsThatABrokerTakes() throws IOException {
        // Given
        Properties properties = new Properties();
        for (JsonNode variable : Overlay.dev().the("StatefulSet", "kafka").at("/spec/template/spec/containers/0/env")) {
            String name = variable.path("name").asText();
            if (name.startsWith("KAFKA_") && !name.equals("KAFKA_HEAP_OPTS")) {
                // The rule of Apache's image; none of these has an underscore or a hyphen of its own.
                properties.put(
                        name.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        variable.path("value").asText());
            }
        }

        // When
        KafkaConfig config = new KafkaConfig(properties);

        // Then
        assertThat(config.values())
                .containsKeys(properties.stringPropertyNames().toArray(String[]::new));
        assertThat(config.logDirs()).hasSize(1).first().asString().startsWith(mount());
        assertThat(config.autoCreateTopicsEnable()).isFalse();
    }

    private static String mount() throws IOException {
        return Overlay.dev()
                        .the("StatefulSet", "kafka")
                        .at("/spec/template/spec/containers/0/volumeMounts/0/mountPath")
                        .asText()
                + "/";
    }
}
