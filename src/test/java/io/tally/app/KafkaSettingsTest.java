package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "KAFKA_SECURITY_PROTOCOL, security.protocol",
        "KAFKA_MAIN_CONSUMER_MAX_POLL_RECORDS, main.consumer.max.poll.records",
        "KAFKA_ODD__NAME, odd_name",
        "KAFKA_ODD___NAME, odd-name",
    })
    void shouldNameAClientSettingByTheImageRule(String variable, String name) {
        assertThat(KafkaSettings.from(Map.of(variable, "value"))).isEqualTo(Map.of(name, "value"));
    }

    @Test
    void shouldLeaveOutOurOwnAndEmptyOnes() {
        assertThat(KafkaSettings.from(Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1", "KAFKA_SASL_MECHANISM", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KAFKA_PROCESSING_GUARANTEE",
                "KAFKA_ISOLATION_LEVEL",
                "KAFKA_CONSUMER_ISOLATION_LEVEL",
                "KAFKA_MAIN_CONSUMER_ISOLATION_LEVEL",
                "KAFKA_RESTORE_CONSUMER_ISOLATION_LEVEL",
                "KAFKA_AUTO_OFFSET_RESET",
                "KAFKA_CONSUMER_AUTO_OFFSET_RESET",
                "KAFKA_ACKS",
                "KAFKA_PRODUCER_ACKS",
                "KAFKA_ENABLE_IDEMPOTENCE",
                "KAFKA_PRODUCER_ENABLE_IDEMPOTENCE",
                "KAFKA_TRANSACTIONAL_ID",
                "KAFKA_PRODUCER_TRANSACTIONAL_ID",
                "KAFKA_GROUP_PROTOCOL",
                "KAFKA_CONSUMER_GROUP_PROTOCOL",
                "KAFKA_PARTITIONER_CLASS",
                "KAFKA_PRODUCER_PARTITIONER_IGNORE_KEYS",
                "KAFKA_PROCESSING_EXCEPTION_HANDLER",
                "KAFKA_PRODUCTION_EXCEPTION_HANDLER",
                "KAFKA_DESERIALIZATION_EXCEPTION_HANDLER",
                "KAFKA_DEFAULT_DESERIALIZATION_EXCEPTION_HANDLER"
            })
    void shouldRefuseWhatExactlyOnceRestsOn(String variable) {
        assertThatThrownBy(() -> KafkaSettings.from(Map.of(variable, "value")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(variable, "exactly-once", "Remove it");
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_STATE_DIR, TALLY_DATA_DIR",
        "KAFKA_NUM_STREAM_THREADS, TALLY_STREAM_THREADS",
        "KAFKA_NUM_STANDBY_REPLICAS, TALLY_STANDBY_REPLICAS",
        "KAFKA_PRODUCER_BOOTSTRAP_SERVERS, KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_CONSUMER_GROUP_INSTANCE_ID, KAFKA_GROUP_INSTANCE_ID",
    })
    void shouldRefuseASecondNameForASettingOfOurs(String variable, String ours) {
        assertThatThrownBy(() -> KafkaSettings.from(Map.of(variable, "value")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(variable, ours, "Remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KAFKA_", "KAFKA_CONSUMER_"})
    void shouldRefuseAPrefixWithoutAName(String variable) {
        assertThatThrownBy(() -> KafkaSettings.from(Map.of(variable, "value")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(variable, "no client setting");
    }
}
