package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.gateway.Reply;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal is deleted, and made again by whoever needs it, or emptied while the ledger runs. */
@Timeout(120)
class JournalWatchIT {
    private static final long UP_TO_THE_END = -1;

    @TempDir
    static Path directory;

    private static LedgerRig rig;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        rig = LedgerRig.start(directory);
        admin = rig.admin();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        rig.close();
    }

    /** Deleted: Kafka Streams makes it again. Emptied: it has the same id, and no instance reads it before it takes over. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotGoOnFromNothing(boolean emptied) {
        // Given
        List<String> ofOne = new CopyOnWriteArrayList<>();
        List<String> ofOther = new CopyOnWriteArrayList<>();
        TestLedger test = new TestLedger(rig, emptied ? "emptied" : "watched", 2);
        Map<String, String> shortSession = Map.of("session.timeout.ms", "6000");
        String user = test.userOf(0, "ada");
        try (LedgerStreams one = rig.startLedger(test.settings("one", shortSession), noting(ofOne))) {
            test.awaitOutcomeOf(
                    test.depositTogether(user, test.userOf(1, "bob")).get(0));
            try (LedgerStreams other = rig.startLedger(test.settings("other", shortSession), noting(ofOther))) {
                LedgerStreams owner = Awaitility.await()
                        .atMost(LedgerRig.PATIENCE)
                        .until(
                                () -> List.of(one, other).stream()
                                        .filter(ledger -> test.balance(ledger, user) instanceof Reply.Found)
                                        .findFirst()
                                        .orElse(null),
                                Objects::nonNull);
                LedgerStreams heir = owner == one ? other : one;
                List<String> ofHeir = owner == one ? ofOther : ofOne;

                // When
                Accidents accidents = new Accidents(admin);
                String journal = test.topics().journal();
                if (emptied) {
                    accidents.deleteRecords(new TopicPartition(journal, 0), UP_TO_THE_END);
                    accidents.deleteRecords(new TopicPartition(journal, 1), UP_TO_THE_END);
                } else {
                    accidents.delete(journal);
                }
                owner.close();

                // Then
                Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> {
                    assertThat(test.balance(heir, user)).isNotInstanceOfAny(Reply.Found.class, Reply.Absent.class);
                    return !ofHeir.isEmpty();
                });
                assertThat(ofHeir).anyMatch(cause -> cause.contains(journal));
            }
        }
    }

    /** Notes what the process would have ended for. */
    private static FailStop noting(List<String> causes) {
        return (reason, cause) -> {
            for (Throwable each = cause; each != null; each = each.getCause()) {
                causes.add(String.valueOf(each.getMessage()));
            }
        };
    }

    @Test
    void shouldSeeThatTheJournalIsGoneOrAnother() {
        // Given
        Accidents accidents = new Accidents(admin);
        accidents.create("journal", 1);
        String id = id("journal");
        JournalWatch watch = new JournalWatch(rig.settings().kafka(), "journal", 1, id);
        watch.requireSame();

        // When
        accidents.delete("journal");

        // Then
        assertThatThrownBy(watch::requireSame).isInstanceOf(KafkaException.class);

        // When
        accidents.create("journal", 1);

        // Then
        assertThatThrownBy(watch::requireSame)
                .isInstanceOf(KafkaException.class)
                .hasMessageContainingAll("made again", id, id("journal"));
        new JournalWatch(rig.settings().kafka(), "journal", 1, id("journal")).requireSame();
    }

    /**
     * A broker whose machine is gone without a word takes no connection; of one that is frozen the system still does. Neither
     * says anything for longer than anybody waits here.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAskAnotherBrokerInTime(boolean frozen) throws IOException {
        String topic = frozen ? "asked-beside-frozen" : "asked-beside-gone";
        new Accidents(admin).create(topic, 1);
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, frozen ? 64 : 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; !frozen && i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                var unused = channel.connect(silent.getLocalSocketAddress());
            }
            Map<String, String> kafka = new HashMap<>(rig.settings().kafka());
            kafka.put("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort() + "," + rig.bootstrapServers());

            assertThat(TopicIdentity.of(kafka, topic, 1).toString()).isEqualTo(id(topic));
            kafka.put("bootstrap.servers", "no-such-host.invalid:9092, " + rig.bootstrapServers());
            assertThat(TopicIdentity.of(kafka, topic, 1).toString()).isEqualTo(id(topic));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    private static String id(String topic) {
        return TopicIdentity.of(rig.settings().kafka(), topic, 1).toString();
    }
}
