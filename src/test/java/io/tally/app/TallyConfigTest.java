package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.http.Console;
import io.tally.webhook.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TallyConfigTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNeedNoSettings() {
        // When
        TallyConfig config = config(Map.of());

        // Then
        assertThat(config.http())
                .isEqualTo(new HttpConfig("127.0.0.1", 8080, null, false, null, null, false, Console.ON));
        assertThat(config.ledger()).isEqualTo(new LedgerConfig("USD", false, "", null, null, null));
        assertThat(config.kafka()).isEqualTo(new KafkaConfig("127.0.0.1:9092", "tally", null, null, Map.of()));
        assertThat(config.processing()).isEqualTo(new ProcessingConfig(256, 256, 0, 2));
        assertThat(config.webhook())
                .isEqualTo(new WebhookConfig(
                        false,
                        List.of(),
                        List.of(
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofHours(2),
                                Duration.ofHours(5),
                                Duration.ofHours(10),
                                Duration.ofHours(14),
                                Duration.ofHours(20),
                                Duration.ofHours(24)),
                        Duration.ofSeconds(15),
                        32));
        assertThat(config.dev()).isEqualTo(new DevConfig(true, 9092, 9093));
        assertThat(config.dataDirectory()).isAbsolute().hasFileName("data");
        assertThat(config.applicationServer()).isEqualTo("127.0.0.1:8080");
    }

    @Test
    void shouldReadEverySetting() throws Exception {
        // Given
        Path tokens = Files.createFile(folder.resolve("tokens"));
        Map<String, String> environment = new HashMap<>();
        environment.put("TALLY_HTTP_HOST", "0.0.0.0");
        environment.put("TALLY_HTTP_PORT", "0");
        environment.put("TALLY_DATA_DIR", folder.toString());
        environment.put("TALLY_CURRENCY", "EUR");
        environment.put("TALLY_PARTITIONS", "12");
        environment.put("TALLY_REPLICATION", "5");
        environment.put("TALLY_MIN_ISR", "3");
        environment.put("TALLY_TOPIC_PREFIX", "bank.");
        environment.put("TALLY_REQUIRE_REGISTRATION", "true");
        environment.put("TALLY_DEMO", "false");
        environment.put("TALLY_DEV_KAFKA_PORT", "65535");
        environment.put("TALLY_DEV_CONTROLLER_PORT", "1");
        environment.put("TALLY_API_TOKENS_FILE", tokens.toString());
        environment.put("TALLY_ALLOW_ANONYMOUS", "true");
        environment.put("TALLY_ACCESS_LOG", "true");
        environment.put("TALLY_CONSOLE", "read-only");
        environment.put("TALLY_STORE_MEMORY_MB", "16");
        environment.put("TALLY_STANDBY_REPLICAS", "1");
        environment.put("TALLY_STREAM_THREADS", "3");
        environment.put("TALLY_MIN_FREE_DISK_MB", "512");
        environment.put("TALLY_WEBHOOK_HTTP", "true");
        environment.put("TALLY_WEBHOOK_NETWORKS", "10.0.0.0/8,fd00::/8");
        environment.put("TALLY_WEBHOOK_RETRIES", "100ms,1s,24h");
        environment.put("TALLY_WEBHOOK_TIMEOUT_S", "60");
        environment.put("TALLY_WEBHOOK_CONCURRENCY", "256");
        environment.put("TALLY_WEBHOOK_SECRET", "read by another command");
        environment.put("TALLY_LOG_LEVEL", "DEBUG");
        environment.put("TALLY_LOG_LEVELS", "io.tally.http=DEBUG,org.apache.kafka=INFO");
        environment.put("TALLY_LOG_FORMAT", "ecs");
        environment.put("TALLY_JAVA_OPTS", "-Xmx1g");
        environment.put("TALLY_TLS_CERTIFICATE_FILE", "cert.pem");
        environment.put("TALLY_TLS_KEY_FILE", "key.pem");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "a:9092, [::1]:9093");
        environment.put("KAFKA_APPLICATION_ID", "bank");
        environment.put("KAFKA_APPLICATION_SERVER", "tally-0.tally:8080");
        environment.put("KAFKA_GROUP_INSTANCE_ID", "tally-0");
        environment.put("KAFKA_SECURITY_PROTOCOL", "SSL");

        // When
        TallyConfig config = config(environment);

        // Then
        assertThat(environment)
                .as("a value for every setting and one of Kafka's")
                .hasSize(Setting.values().length + 1);
        assertThat(config.dataDirectory()).isEqualTo(folder);
        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        "0.0.0.0",
                        0,
                        tokens,
                        true,
                        Path.of("cert.pem").toAbsolutePath(),
                        Path.of("key.pem").toAbsolutePath(),
                        true,
                        Console.READ_ONLY));
        assertThat(config.ledger()).isEqualTo(new LedgerConfig("EUR", true, "bank.", 12, 5, 3));
        assertThat(config.kafka())
                .isEqualTo(new KafkaConfig(
                        "a:9092,[::1]:9093",
                        "bank",
                        "tally-0.tally:8080",
                        "tally-0",
                        Map.of("security.protocol", "SSL")));
        assertThat(config.processing()).isEqualTo(new ProcessingConfig(16, 512, 1, 3));
        assertThat(config.webhook())
                .isEqualTo(new WebhookConfig(
                        true,
                        List.of(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8")),
                        List.of(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofHours(24)),
                        Duration.ofSeconds(60),
                        256));
        assertThat(config.dev()).isEqualTo(new DevConfig(false, 65_535, 1));
        assertThat(config.ledger().topics("bank").input()).isEqualTo("bank.transactions-in");
    }

    @Test
    void shouldLetDevReachThisMachineUnlessItIsTold() {
        // When
        WebhookConfig untold =
                WebhookConfig.of(SettingValues.read(Map.of(), Map.of()).orElse(WebhookConfig.OF_DEV));
        WebhookConfig told = WebhookConfig.of(SettingValues.read(Map.of("TALLY_WEBHOOK_HTTP", "false"), Map.of())
                .orElse(WebhookConfig.OF_DEV));

        // Then
        assertThat(untold.plainHttp()).isTrue();
        assertThat(untold.networks()).containsExactly(Network.parse("127.0.0.0/8"), Network.parse("::1/128"));
        assertThat(told.plainHttp()).isFalse();
    }

    @Test
    void shouldRefuseACertificateWithoutItsKey() {
        for (Setting one : List.of(Setting.TALLY_TLS_CERTIFICATE_FILE, Setting.TALLY_TLS_KEY_FILE)) {
            assertThatThrownBy(() -> config(Map.of(one.name(), "file.pem")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("TALLY_TLS_")
                    .hasMessageContaining("Set both");
        }
    }

    @Test
    void shouldPutAnOptionBeforeItsVariable() {
        // When
        SettingValues values =
                SettingValues.read(Map.of("TALLY_HTTP_PORT", "not looked at"), Map.of(Setting.TALLY_HTTP_PORT, "1234"));

        // Then
        assertThat(TallyConfig.of(values).http().port()).isEqualTo(1234);
    }

    @Test
    void shouldTakeAnEmptyValueForNone() {
        assertThat(config(Map.of("TALLY_HTTP_PORT", "", "TALLY_API_TOKENS_FILE", ""))
                        .http())
                .isEqualTo(config(Map.of()).http());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TALLY_HTTP_PORT            | 65536      | 0 to 65535",
                "TALLY_HTTP_PORT            | -1         | 0 to 65535",
                "TALLY_HTTP_PORT            | 8080x      | 0 to 65535",
                "TALLY_CURRENCY             | usd        | three capital letters",
                "TALLY_CURRENCY             | EURO       | three capital letters",
                "TALLY_PARTITIONS           | 0          | 1 to 1024",
                "TALLY_PARTITIONS           | 1025       | 1 to 1024",
                "TALLY_REPLICATION          | 0          | 1 to 9",
                "TALLY_REPLICATION          | 10         | 1 to 9",
                "TALLY_MIN_ISR              | 0          | 1 to 9",
                "TALLY_MIN_ISR              | 10         | 1 to 9",
                "TALLY_TOPIC_PREFIX         | a/b        | letters",
                "TALLY_REQUIRE_REGISTRATION | yes        | true or false",
                "TALLY_DEMO                 | TRUE       | true or false",
                "TALLY_DEV_KAFKA_PORT       | 65536      | 0 to 65535",
                "TALLY_DEV_CONTROLLER_PORT  | 99999      | 0 to 65535",
                "TALLY_ALLOW_ANONYMOUS      | 1          | true or false",
                "TALLY_CONSOLE              | true       | on, read-only or off",
                "TALLY_STORE_MEMORY_MB      | 15         | 16 to 1048576",
                "TALLY_STORE_MEMORY_MB      | 1048577    | 16 to 1048576",
                "TALLY_STANDBY_REPLICAS     | 10         | 0 to 9",
                "TALLY_STREAM_THREADS       | 0          | 1 to 64",
                "TALLY_STREAM_THREADS       | 65         | 1 to 64",
                "TALLY_STREAM_THREADS       | 9999999999 | 1 to 64",
                "TALLY_WEBHOOK_HTTP         | yes        | true or false",
                "TALLY_WEBHOOK_NETWORKS     | 10.0.0.1   | networks like 10.0.0.0/8",
                "TALLY_WEBHOOK_NETWORKS     | a.b/8      | networks like 10.0.0.0/8",
                "TALLY_WEBHOOK_NETWORKS     | ::1/128,   | networks like 10.0.0.0/8",
                "TALLY_WEBHOOK_RETRIES      | 99ms       | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_RETRIES      | 25h        | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_RETRIES      | 86401s     | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_RETRIES      | 5s,        | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_RETRIES      | 5          | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_RETRIES      | 1d         | 1 to 20 waits of 100ms to 24h",
                "TALLY_WEBHOOK_TIMEOUT_S    | 0          | 1 to 60",
                "TALLY_WEBHOOK_TIMEOUT_S    | 61         | 1 to 60",
                "TALLY_WEBHOOK_CONCURRENCY  | 0          | 1 to 256",
                "TALLY_WEBHOOK_CONCURRENCY  | 257        | 1 to 256",
                "TALLY_LOG_LEVEL            | loud       | WARN",
                "TALLY_LOG_LEVELS           | io.tally   | logger=level",
                "TALLY_LOG_LEVELS           | a=INFO,b=x | logger=level",
                "TALLY_LOG_FORMAT           | json       | text or ecs",
                "KAFKA_BOOTSTRAP_SERVERS    | broker     | host:port",
                "KAFKA_BOOTSTRAP_SERVERS    | a:1,,b:2   | host:port",
                "KAFKA_BOOTSTRAP_SERVERS    | a:80800    | 1 to 65535",
                "KAFKA_BOOTSTRAP_SERVERS    | a:65536    | 1 to 65535",
                "KAFKA_BOOTSTRAP_SERVERS    | a:1,b:0    | 1 to 65535",
                "KAFKA_APPLICATION_ID       | my ledger  | letters",
                "KAFKA_APPLICATION_SERVER   | http://a:1 | host:port",
                "KAFKA_APPLICATION_SERVER   | a_b:1      | without underscores",
                "KAFKA_APPLICATION_SERVER   | a..b:1     | host:port",
                "KAFKA_APPLICATION_SERVER   | a.1:1      | host:port",
                "KAFKA_APPLICATION_SERVER   | [1:2]:1    | host:port",
                "KAFKA_APPLICATION_SERVER   | a:0        | 1 to 65535",
                "KAFKA_APPLICATION_SERVER   | a:65536    | 1 to 65535",
                "KAFKA_GROUP_INSTANCE_ID    | a b        | letters",
            })
    void shouldRefuseAValue(String variable, String value, String expectation) {
        assertThatThrownBy(() -> config(Map.of(variable, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(variable, "'" + value + "'", expectation, "Set it to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "a:65535", "tally-0.tally:8080", "10.0.0.1:8080", "[::1]:8080"})
    void shouldTakeAnAddressThatOthersReach(String address) {
        assertThat(config(Map.of("KAFKA_APPLICATION_SERVER", address)).applicationServer())
                .isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "a:65535", "a_b.c-d:9092", "[::1]:9092", "a:1,b:2", "a:1 , [::1]:65535 ,c:3"})
    void shouldTakeTheBrokersAsKafkaWould(String servers) {
        // When
        String taken =
                config(Map.of("KAFKA_BOOTSTRAP_SERVERS", servers)).kafka().bootstrapServers();

        // Then
        assertThat(taken).isEqualTo(servers.replace(" ", ""));
        assertThat(taken.split(","))
                .allSatisfy(server -> assertThat(Utils.formatAddress(Utils.getHost(server), Utils.getPort(server)))
                        .isEqualTo(server));
    }

    @Test
    void shouldTakeAtMost20WaitsAnd32Networks() {
        assertThat(config(Map.of("TALLY_WEBHOOK_RETRIES", "1s" + ",1s".repeat(19)))
                        .webhook()
                        .retries())
                .hasSize(20);
        assertThatThrownBy(() -> config(Map.of("TALLY_WEBHOOK_RETRIES", "1s" + ",1s".repeat(20))))
                .isInstanceOf(ConfigException.class);
        assertThat(config(Map.of("TALLY_WEBHOOK_NETWORKS", "::1/128" + ",10.0.0.0/8".repeat(31)))
                        .webhook()
                        .networks())
                .hasSize(32);
        assertThatThrownBy(() -> config(Map.of("TALLY_WEBHOOK_NETWORKS", "::1/128" + ",10.0.0.0/8".repeat(32))))
                .isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/8",
                "10.1.2.3/32",
                "0.0.0.0/0",
                "255.255.255.255/32",
                "::/0",
                "fd00::/8",
                "2001:db8::1/128"
            })
    void shouldTakeANetwork(String network) {
        assertThat(config(Map.of("TALLY_WEBHOOK_NETWORKS", "127.0.0.0/8," + network))
                        .webhook()
                        .networks())
                .containsExactly(Network.parse("127.0.0.0/8"), Network.parse(network));
    }

    /** All have the form of one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1/8     | bits after the first 8",
                "10.0.0.0/33    | 0 to 32 bits",
                "256.0.0.0/8    | such as 10.0.0.0/8",
                "010.0.0.0/8    | such as 10.0.0.0/8",
                "fd00::1/8      | bits after the first 8",
                "fd00::/129     | 0 to 128 bits",
                "1:2:3::4::5/64 | such as 10.0.0.0/8",
            })
    void shouldRefuseWhatIsNoNetwork(String network, String reason) {
        assertThatThrownBy(() -> config(Map.of("TALLY_WEBHOOK_NETWORKS", "127.0.0.0/8," + network)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "TALLY_WEBHOOK_NETWORKS (--webhook-networks)", "'" + network + "'", reason, "Set it to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TALLY_HTTP_PROT", "TALLY_", "TALLY_PORTS", "TALLY_SERVICE"})
    void shouldRefuseAnUnknownName(String variable) {
        assertThatThrownBy(() -> config(Map.of(variable, "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(variable, "not a setting", "tally help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TALLY_SERVICE_HOST",
                "TALLY_SERVICE_PORT_HTTP",
                "TALLY_PORT",
                "TALLY_PORT_8080_TCP_ADDR",
                "KAFKA_SERVICE_HOST",
                "KAFKA_PORT",
                "KAFKA_PORT_9092_TCP",
                "KAFKA_HOME",
                "KAFKA_OPTS",
                "KAFKA_HEAP_OPTS",
                "KAFKA_JVM_PERFORMANCE_OPTS",
                "KAFKA_VERSION",
                "PATH"
            })
    void shouldIgnoreWhatOthersPutIntoTheEnvironment(String variable) {
        assertThat(config(Map.of(variable, "tcp://10.0.0.1:8080"))).isEqualTo(config(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void shouldRefuseToServeOthersWithoutTokens(String host) {
        assertThatThrownBy(() -> config(Map.of("TALLY_HTTP_HOST", host, "KAFKA_APPLICATION_SERVER", "tally:8080")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_HTTP_HOST", host, "TALLY_API_TOKENS_FILE", "TALLY_ALLOW_ANONYMOUS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void shouldServeLoopbackWithoutTokens(String host) {
        assertThat(config(Map.of("TALLY_HTTP_HOST", host)).http().loopback()).isTrue();
    }

    @Test
    void shouldServeOthersWithoutTokensWhenToldTo() {
        // When
        TallyConfig config = config(Map.of("TALLY_HTTP_HOST", "192.0.2.7", "TALLY_ALLOW_ANONYMOUS", "true"));

        // Then
        assertThat(config.http().allowAnonymous()).isTrue();
        assertThat(config.applicationServer()).isEqualTo("192.0.2.7:8080");
    }

    @Test
    void shouldRefuseAHostThatDoesNotResolve() {
        assertThatThrownBy(() -> config(Map.of("TALLY_HTTP_HOST", "no such host")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_HTTP_HOST", "no such host", "127.0.0.1");
    }

    @Test
    void shouldNameTheLineOfATokensFileThatIsMalformed() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("malformed"), "# tokens\nsecret write\n");
        HttpConfig config =
                config(Map.of("TALLY_API_TOKENS_FILE", file.toString())).http();

        // When, Then
        assertThatThrownBy(config::tokens)
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_API_TOKENS_FILE", file.toString(), "line 2");
    }

    @Test
    void shouldRefuseATokensFileThatIsMissing() {
        // Given
        Path missing = folder.resolve("missing");

        // When, Then
        assertThatThrownBy(() -> config(Map.of("TALLY_API_TOKENS_FILE", missing.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_API_TOKENS_FILE", missing.toString(), "Create it");
    }

    @Test
    void shouldRefuseAWildcardWithoutAnAddressForOthers() {
        assertThatThrownBy(() -> config(Map.of("TALLY_HTTP_HOST", "0.0.0.0", "TALLY_ALLOW_ANONYMOUS", "true")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("KAFKA_APPLICATION_SERVER", "0.0.0.0", "host:port");
    }

    @Test
    void shouldRefuseMoreReplicasInSyncThanThereAre() {
        assertThatThrownBy(() -> config(Map.of("TALLY_REPLICATION", "3", "TALLY_MIN_ISR", "4")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("TALLY_MIN_ISR", "4", "TALLY_REPLICATION", "at most 2");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 3, 2", "3, 3, 2", "9, 3, 2"})
    void shouldChooseReplicasByTheSizeOfTheCluster(int brokers, int replicas, int inSync) {
        // Given
        LedgerConfig ledger = config(Map.of()).ledger();

        // When, Then
        assertThat(ledger.replication(brokers)).isEqualTo(replicas);
        assertThat(ledger.minInSync(replicas)).isEqualTo(inSync);
    }

    private static TallyConfig config(Map<String, String> environment) {
        return TallyConfig.of(SettingValues.read(environment, Map.of()));
    }
}
