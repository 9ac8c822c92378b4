package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.ops.Compose;
import io.tally.ops.Dockerfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The containers' environment is what the program takes, and instances find Kafka and each other by it. */
class ContainerSettingsTest {
    @TempDir
    Path folder;

    private final Map<String, String> image = Dockerfile.read().environment();

    ContainerSettingsTest() throws IOException {}

    static List<Compose> projects() throws IOException {
        return Compose.all();
    }

    /** What the program sees: the image's environment, and the service's over it. */
    private Map<String, String> environment(JsonNode service) {
        Map<String, String> environment = new HashMap<>(image);
        environment.putAll(Compose.environment(service));
        return environment;
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldSetNothingThatTallyDoesNotRead(Compose project) {
        assertThat(project.ofTally()).isNotEmpty().allSatisfy((name, service) -> {
            SettingValues values = SettingValues.read(environment(service), Map.of());
            assertThat(values.kafkaSettings()).as("client settings of %s", name).isEmpty();
            assertThat(environment(service))
                    .as("the launcher reads it, which is not there")
                    .doesNotContainKey(Setting.TALLY_JAVA_OPTS.name());
        });
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldRunCommandsThatExist(Compose project) {
        project.ofTally().forEach((name, service) -> {
            if (!service.has("entrypoint")) {
                String command = service.path("command").path(0).asText();
                assertThat(CommandRun.of(Map.of(), "", command, "--help").out())
                        .as(name)
                        .startsWith("Usage: tally " + command + " ");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldGiveEachInstanceADirectoryAndAnAddressOfItsOwn(Compose project) throws IOException {
        Path tokens = Files.createFile(folder.resolve("tokens"));
        Set<String> volumes = new HashSet<>();
        for (Map.Entry<String, JsonNode> instance : project.instances().entrySet()) {
            // Given
            Map<String, String> environment = environment(instance.getValue());
            assertThat(environment.put("TALLY_API_TOKENS_FILE", tokens.toString()))
                    .isNotNull();

            // When
            TallyConfig config = TallyConfig.of(SettingValues.read(environment, Map.of()));

            // Then
            assertThat(config.http().wildcard()).isTrue();
            assertThat(config.http().allowAnonymous())
                    .as("a web page in a browser of this machine could move money")
                    .isFalse();
            assertThat(config.applicationServer())
                    .isEqualTo(instance.getKey() + ":" + config.http().port());
            assertThat(instance.getValue().path("ports").path(0).asText())
                    .endsWith(":" + config.http().port());
            List<String> data = Compose.mounts(instance.getValue()).stream()
                    .filter(mount ->
                            mount.target().equals(config.dataDirectory().toString()) && !mount.readOnly())
                    .map(Compose.Mount::source)
                    .toList();
            assertThat(data).hasSize(1);
            volumes.addAll(data);
        }
        assertThat(volumes).hasSize(2).hasSameSizeAs(project.instances().keySet());
    }

    @ParameterizedTest
    @MethodSource("projects")
    void shouldKnowEveryBroker(Compose project) {
        // Given
        Map<String, JsonNode> services = project.services();
        String brokers = services.values().stream()
                .map(service -> service.path("environment")
                        .path("KAFKA_ADVERTISED_LISTENERS")
                        .asText())
                .filter(listeners -> !listeners.isEmpty())
                .map(listeners -> listeners.replaceFirst("^INSIDE://([^,]+),.*", "$1"))
                .collect(Collectors.joining(","));

        // Then
        project.ofTally().forEach((name, service) -> {
            if (!service.has("entrypoint")) {
                KafkaConfig kafka = KafkaConfig.of(SettingValues.read(environment(service), Map.of()));
                assertThat(kafka.bootstrapServers()).as(name).isEqualTo(brokers);
                for (String broker : brokers.split(",")) {
                    assertThat(project.isReachable(name, broker.split(":")[0]))
                            .as("%s reaches %s", name, broker)
                            .isTrue();
                }
            }
        });
    }

    @Test
    void shouldAskForTokensWhereTheImageIsStartedWithNothing() {
        assertThatThrownBy(() -> TallyConfig.of(SettingValues.read(image, Map.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("TALLY_API_TOKENS_FILE");
    }
}
