package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tally.app.ConfigException;
import io.tally.app.Setting;
import io.tally.app.SettingValues;
import io.tally.app.TallyConfig;
import io.tally.http.ApiTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program takes the settings of the manifests, as it reads them at its start. */
class ManifestSettingsTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldStartWithItsSettings(Overlay overlay) throws IOException {
        // When
        TallyConfig config = TallyConfig.of(SettingValues.read(environment(overlay), Map.of()));

        // Then
        assertThat(config.http().wildcard()).isTrue();
        assertThat(config.http().allowAnonymous()).isFalse();
        assertThat(config.kafka().applicationId()).isEqualTo("tally");
        assertThat(config.kafka().groupInstanceId()).isEqualTo(Overlay.POD);
        assertThat(config.applicationServer()).startsWith(Overlay.POD + ".").endsWith(".svc:8080");
        assertThat(config.dataDirectory()).isEqualTo(mountOf(overlay, "data"));
    }

    /** Kafka only warns of a setting that it does not know. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldGiveKafkaSettingsThatItKnows(Overlay overlay) throws IOException {
        // Given
        Set<String> known = new HashSet<>(AdminClientConfig.configNames());
        known.addAll(StreamsConfig.configDef().names());

        // When
        SettingValues values = SettingValues.read(environment(overlay), Map.of());

        // Then
        assertThat(known).containsAll(values.kafkaSettings().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldRefuseASettingThatItDoesNotKnow(Overlay overlay) throws IOException {
        // Given
        Map<String, String> environment = environment(overlay);
        environment.put("TALLY_HTTP_PROT", "8080");

        // Then
        assertThatThrownBy(() -> SettingValues.read(environment, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("TALLY_HTTP_PROT");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("overlays")
    void shouldFindTheFilesWhereSecretsAreMounted(Overlay overlay) {
        // Given
        Map<String, String> environment = overlay.environment();

        // Then
        assertThat(Path.of(environment.get(Setting.TALLY_API_TOKENS_FILE.name())))
                .hasParentRaw(mountOf(overlay, "tokens"));
        assertThat(Path.of(environment.get("ROCKSDB_SHAREDLIB_DIR"))).isEqualTo(mountOf(overlay, "tmp"));
        String trusted = environment.get("KAFKA_SSL_TRUSTSTORE_LOCATION");
        if (trusted != null) {
            assertThat(Path.of(trusted)).isEqualTo(mountOf(overlay, "kafka-ca").resolve("ca.crt"));
        }
    }

    @Test
    void shouldHaveTokensThatTheServiceReads() throws IOException {
        // Given
        Path file = Files.write(folder.resolve("tokens"), tokens(Overlay.dev()));

        // Then
        assertThatCode(() -> ApiTokens.load(file)).doesNotThrowAnyException();
        assertThat(Files.readString(file)).contains(" read,write,admin");
    }

    /** As in the pod, but for the file of the tokens: it is one of this machine. */
    private Map<String, String> environment(Overlay overlay) throws IOException {
        Map<String, String> environment = new HashMap<>(overlay.environment());
        Path file = Files.write(folder.resolve("tokens"), new byte[0]);
        assertThat(environment).containsKey(Setting.TALLY_API_TOKENS_FILE.name());
        environment.put(Setting.TALLY_API_TOKENS_FILE.name(), file.toString());
        return environment;
    }

    private static byte[] tokens(Overlay overlay) {
        return Base64.getMimeDecoder()
                .decode(overlay.the("Secret", "tally-api-tokens")
                        .at("/data/tokens")
                        .asText());
    }

    private static Path mountOf(Overlay overlay, String volume) {
        for (JsonNode mount : overlay.container().path("volumeMounts")) {
            if (mount.path("name").asText().equals(volume)) {
                return Path.of(mount.path("mountPath").asText());
            }
        }
        throw new AssertionError("Expected " + volume + " to be mounted, but it is not");
    }

    static Stream<Overlay> overlays() throws IOException {
        return Overlay.all();
    }
}
