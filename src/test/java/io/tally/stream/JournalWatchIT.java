package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.gateway.Reply;
import io.tally.rig.Accidents;
import io.tally.rig.LedgerRig;
import io.tally.rig.RecordedFailStop;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The journal is deleted, and made again by whoever needs it, while the ledger runs. */
@Timeout(120)
class JournalWatchIT {
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

    @Test
    void shouldNotGoOnFromNothing() {
        // Given
        RecordedFailStop ownersStop = new RecordedFailStop();
        RecordedFailStop heirsStop = new RecordedFailStop();
        TestLedger test = new TestLedger(rig, "watched", 2);
        Map<String, String> shortSession = Map.of("session.timeout.ms", "6000");
        String user = test.userOf(0, "ada");
        try (LedgerStreams one = rig.startLedger(test.settings("one", shortSession), ownersStop)) {
            test.awaitOutcomeOf(
                    test.depositTogether(user, test.userOf(1, "bob")).get(0));
            try (LedgerStreams other = rig.startLedger(test.settings("other", shortSession), heirsStop)) {
                LedgerStreams owner = Awaitility.await()
                        .atMost(LedgerRig.PATIENCE)
                        .until(
                                () -> List.of(one, other).stream()
                                        .filter(ledger -> test.balance(ledger, user) instanceof Reply.Found)
                                        .findFirst()
                                        .orElse(null),
                                Objects::nonNull);
                LedgerStreams heir = owner == one ? other : one;
                RecordedFailStop stop = owner == one ? heirsStop : ownersStop;

                // When
                new Accidents(admin).delete(test.topics().journal());
                owner.close();

                // Then
                Awaitility.await().atMost(LedgerRig.PATIENCE).until(() -> {
                    assertThat(test.balance(heir, user)).isNotInstanceOfAny(Reply.Found.class, Reply.Absent.class);
                    return !stop.reasons().isEmpty();
                });
            }
        }
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

    /** A broker whose machine is gone without a word takes no connection, for longer than anybody waits here. */
    @Test
    void shouldAskAnotherBrokerInTime() throws IOException {
        new Accidents(admin).create("asked", 1);
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                var unused = channel.connect(silent.getLocalSocketAddress());
            }
            Map<String, String> kafka = new HashMap<>(rig.settings().kafka());
            kafka.put("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort() + "," + rig.bootstrapServers());

            // It begins with any of them.
            for (int i = 0; i < 8; i++) {
                assertThat(TopicIdentity.of(kafka, "asked", 1).toString()).isEqualTo(id("asked"));
            }
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
