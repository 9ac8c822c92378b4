package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topics of webhooks beside a ledger's; each case on an output of its own. */
class WebhookTopicsIT {
    private static final int PARTITIONS = 3;

    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;
    private static Accidents accidents;
    private static int ledgers;

    private String output;
    private WebhookTopics topics;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
        accidents = new Accidents(admin);
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    @BeforeEach
    void makeOutput() {
        String prefix = "ledger-" + ++ledgers + "-";
        output = LedgerTopics.of(prefix, "unused").output();
        topics = WebhookTopics.of(prefix);
        accidents.create(output, PARTITIONS);
    }

    private void createMissing() {
        topics.createMissing(Map.of("bootstrap.servers", rig.bootstrapServers()), output);
    }

    private static TopicDescription described(String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static String setting(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(key).value();
    }

    @Test
    void shouldMakeThemBesideALedgerThatHasNone() throws Exception {
        // When
        createMissing();

        // Then
        assertThat(topics.names())
                .containsExactly(
                        "ledger-" + ledgers + "-webhook-endpoints",
                        "ledger-" + ledgers + "-webhook-progress",
                        "ledger-" + ledgers + "-webhook-dead");
        assertThat(described(topics.endpoints()).partitions()).hasSize(1);
        for (String topic : List.of(topics.progress(), topics.dead())) {
            assertThat(described(topic).partitions()).hasSize(PARTITIONS);
        }
        for (String topic : topics.names()) {
            assertThat(setting(topic, "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(topic, "segment.bytes")).isEqualTo("8388608");
            assertThat(setting(topic, "segment.ms")).isEqualTo("3600000");
            assertThat(setting(topic, "min.cleanable.dirty.ratio")).isEqualTo("0.1");
            assertThat(setting(topic, "min.insync.replicas")).isEqualTo("1");
            assertThat(setting(topic, "message.timestamp.type")).isEqualTo("CreateTime");
        }
    }

    @Test
    void shouldLeaveThoseThatThereAre() throws Exception {
        // Given
        createMissing();
        accidents.delete(topics.dead());
        String progress = described(topics.progress()).topicId().toString();

        // When
        createMissing();

        // Then
        assertThat(described(topics.progress()).topicId()).hasToString(progress);
        assertThat(described(topics.dead()).partitions()).hasSize(PARTITIONS);
    }

    @Test
    void shouldTakeTheMinimumInSyncOfTheOutput() throws Exception {
        // Given: one replica, so that it can be asked for but not be had
        accidents.configure(output, "min.insync.replicas", "2");

        // When
        assertThatThrownBy(this::createMissing)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("min.insync.replicas=2");

        // Then
        assertThat(setting(topics.progress(), "min.insync.replicas")).isEqualTo("2");
    }

    @Test
    void shouldRefuseATopicThatIsNotCompacted() {
        // Given
        createMissing();
        for (String topic : topics.names()) {
            for (String policy : List.of("delete", "compact,delete")) {
                // When
                accidents.configure(topic, "cleanup.policy", policy);

                // Then
                assertThatThrownBy(this::createMissing)
                        .isInstanceOf(StartRefusedException.class)
                        .hasMessageContainingAll(topic, policy, "Set cleanup.policy=compact");
            }
            accidents.configure(topic, "cleanup.policy", "compact");
        }
        createMissing();
    }

    @Test
    void shouldRefuseAnotherPartitionCount() {
        // Given
        createMissing();
        List<String> refused = new ArrayList<>();
        for (String topic : topics.names()) {
            accidents.delete(topic);
            accidents.create(topic, PARTITIONS - 1);
            accidents.configure(topic, "cleanup.policy", "compact");

            // When
            assertThatThrownBy(this::createMissing)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll(topic, "2 partitions")
                    .satisfies(refusal -> refused.add(refusal.getMessage()));
            accidents.delete(topic);
            createMissing();
        }

        // Then
        assertThat(refused.get(0)).contains("must have 1: ", "registered again");
        assertThat(refused.get(1)).contains("must have 3 as " + output, "told again");
        assertThat(refused.get(2)).contains("must have 3 as " + output, "dead deliveries");
    }

    @Test
    void shouldRefuseALedgerThatHasNoOutput() {
        accidents.delete(output);
        assertThatThrownBy(this::createMissing)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("Topic " + output + " is missing");
    }

    @Test
    void shouldMakeThemForInstancesThatStartAtTheSameTime() throws Exception {
        // Given
        CyclicBarrier together = new CyclicBarrier(4);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> instances = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread instance = new Thread(() -> {
                try {
                    together.await();
                    createMissing();
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            instances.add(instance);

            // When
            instance.start();
        }
        for (Thread instance : instances) {
            instance.join();
        }

        // Then
        assertThat(failures).isEmpty();
        assertThat(described(topics.progress()).partitions()).hasSize(PARTITIONS);
    }
}
