package io.tally.webhook;

import static io.tally.webhook.EngineRig.awaitOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.webhook.Changed;
import io.tally.gateway.webhook.EndpointPatch;
import io.tally.gateway.webhook.ReplayRequest;
import io.tally.rig.WebhookReceiver;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.Replay;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookEngineIT {
    @TempDir
    Path directory;

    private EngineRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = new EngineRig(directory);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void shouldTellEachOutcomeOnceInOrderAndSigned() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204);
                EngineRig.Instance one = rig.instance("one")) {
            // Given
            rig.decide(500, 20);
            Endpoint endpoint = one.register(receiver.url());
            receiver.trust(endpoint.secrets().get(0).secret());

            // When
            awaitOutcomes(receiver, 500);
            rig.decide(500, 20);
            awaitOutcomes(receiver, 1_000);

            // Then
            assertThat(receiver.taken()).hasSize(1_000);
            assertThat(receiver.outOfOrder()).isEmpty();
            assertThat(receiver.strange()).isEmpty();
            assertThat(one.count(endpoint.id(), "delivered")).isEqualTo(1_000);
        }
    }

    @Test
    void shouldGoOnWhereItStoppedWithoutRepeats() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204)) {
            // Given
            rig.decide(300, 20);
            try (EngineRig.Instance one = rig.instance("one")) {
                one.register(receiver.url());
                awaitOutcomes(receiver, 300);
            }
            rig.decide(300, 20);

            // When
            try (EngineRig.Instance again = rig.instance("one")) {
                awaitOutcomes(receiver, 600);
                assertThat(again.registry.endpoints()).hasSize(1);
            }

            // Then
            assertThat(receiver.taken()).hasSize(600);
            assertThat(receiver.outOfOrder()).isEmpty();
        }
    }

    @Test
    void shouldShareThePartitionsAndTakeThemOver() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204);
                EngineRig.Instance one = rig.instance("one")) {
            // Given
            Endpoint endpoint = one.register(receiver.url());
            rig.decide(200, 30);
            awaitOutcomes(receiver, 200);

            // When
            try (EngineRig.Instance two = rig.instance("two")) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                    rig.decide(30, 30);
                    return two.meters.find("tally.webhook.deliveries").counters().stream()
                                    .mapToDouble(counter -> counter.count())
                                    .sum()
                            > 0;
                });
            }
            rig.decide(200, 30);

            // Then: the other comes back to what was its, after the session of the one that has gone.
            int decided = rig.decided();
            awaitOutcomes(receiver, decided);
            assertThat(receiver.outOfOrder()).isEmpty();
            assertThat(receiver.taken().size() - decided).as("repeats").isLessThan(100);
            assertThat(one.count(endpoint.id(), "delivered")).isGreaterThan(200);
        }
    }

    @Test
    void shouldNotSendToAnEndpointThatIsGoneAndGoOnWhenItIsActiveAgain() throws Exception {
        int[] status = {410};
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> status[0]);
                EngineRig.Instance one = rig.instance("one")) {
            // Given
            rig.decide(100, 1);
            Endpoint endpoint = one.register(receiver.url());
            Awaitility.await().until(() -> one.endpoint(endpoint.id()).state() == EndpointState.DISABLED);
            assertThat(one.endpoint(endpoint.id()).disabledReason()).isEqualTo(DisabledReason.GONE);
            assertThat(receiver.requests()).isEqualTo(1);

            // When
            status[0] = 204;
            one.gateway
                    .change(endpoint.id(), null, new EndpointPatch(null, null, null, null, EndpointState.ACTIVE))
                    .get();

            // Then
            awaitOutcomes(receiver, 100);
            assertThat(receiver.outOfOrder()).isEmpty();
        }
    }

    @Test
    void shouldDisableWhoTakesNothingAndKeepWhatIsNotTaken() throws Exception {
        int[] status = {500};
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> status[0]);
                EngineRig.Instance one = rig.instance("one", List.of(Duration.ofMillis(50), Duration.ofSeconds(2)))) {
            // Given
            rig.decide(200, 50);
            Endpoint endpoint = one.register(receiver.url());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> one.endpoint(endpoint.id()).state() == EndpointState.DISABLED);
            assertThat(one.endpoint(endpoint.id()).disabledReason()).isEqualTo(DisabledReason.FAILING);
            assertThat(receiver.requests()).isLessThan(60);
            assertThat(one.count(endpoint.id(), "dead")).isZero();

            // When
            status[0] = 204;
            one.gateway
                    .change(endpoint.id(), null, new EndpointPatch(null, null, null, null, EndpointState.ACTIVE))
                    .get();

            // Then
            awaitOutcomes(receiver, 200);
            assertThat(receiver.outOfOrder()).isEmpty();
        }
    }

    @Test
    void shouldTellReplaysOfOnePartitionBesideEachOtherAndForgetThem() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204);
                EngineRig.Instance one = rig.instance("one")) {
            // Given
            Endpoint endpoint = one.register(receiver.url());
            rig.decide(900, 30);
            awaitOutcomes(receiver, 900);

            // When
            rig.decide(3_000, 30);
            for (long offset : new long[] {10, 0, 40}) {
                Changed<Replay> replay = one.gateway
                        .replay(endpoint.id(), new ReplayRequest.OfPartition(0, offset))
                        .get();
                assertThat(replay).isInstanceOf(Changed.Made.class);
            }

            // Then
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> one.endpoint(endpoint.id()).replays().isEmpty());
            awaitOutcomes(receiver, 3_900);
            assertThat(receiver.outOfOrder()).isEmpty();
            int inPartition = rig.decidedIn(0);
            assertThat(receiver.taken().size() - 3_900).as("told again").isBetween(800, 3 * inPartition);
        }
    }

    @Test
    void shouldTellAnEndpointThatIsRegisteredAgainFromItsOwnStart() throws Exception {
        try (WebhookReceiver before = WebhookReceiver.start(count -> 204);
                WebhookReceiver after = WebhookReceiver.start(count -> 204);
                EngineRig.Instance one = rig.instance("one")) {
            // Given
            Endpoint first = one.registerAs("key", before.url());
            rig.decide(100, 10);
            awaitOutcomes(before, 100);

            // When
            one.gateway.delete(first.id(), null).get();
            Endpoint second = one.registerAs("key", after.url());
            after.trust(second.secrets().get(0).secret());

            // Then
            assertThat(second.id()).isEqualTo(first.id());
            awaitOutcomes(after, 100);
            assertThat(after.strange()).isEmpty();
            assertThat(before.taken()).hasSize(100);
        }
    }

    @Test
    void shouldHoldWhatItSendsAsLongAsItIsAsked() throws Exception {
        // Given
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count == 1 ? 429 : 204);
                EngineRig.Instance one = rig.instance("one")) {
            receiver.retryAfter("2");
            rig.decide(2_000, 2_000);

            // When
            one.register(receiver.url());
            awaitOutcomes(receiver, 2_000);

            // Then
            List<Long> times = receiver.requestTimes();
            int last = 0;
            for (int i = 0; i + 1 < times.size(); i++) {
                last = times.get(i + 1) - times.get(i)
                                > Duration.ofMillis(1_500).toNanos()
                        ? i
                        : last;
            }
            assertThat(times.get(last + 1) - times.get(last))
                    .isGreaterThan(Duration.ofMillis(1_500).toNanos());
            assertThat(times.size() - last).as("requests after the pause").isGreaterThan(500);
        }
    }

    @Test
    void shouldWorkWithoutPartitionsAndLeaveWhatIsPendingToOthers() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 500);
                EngineRig.Instance spare = rig.instance("z")) {
            // Given
            Endpoint endpoint = spare.register(receiver.url());
            rig.decide(30, 30);
            Awaitility.await().until(() -> spare.oldestPending(endpoint.id()) > 0);

            // When: the first three by name get one each.
            try (EngineRig.Instance a = rig.instance("a");
                    EngineRig.Instance b = rig.instance("b");
                    EngineRig.Instance c = rig.instance("c")) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> a.oldestPending(endpoint.id()) > 0
                                && b.oldestPending(endpoint.id()) > 0
                                && c.oldestPending(endpoint.id()) > 0);

                // Then
                Awaitility.await().until(() -> spare.oldestPending(endpoint.id()) == 0);
                Awaitility.await()
                        .until(() -> Stream.of(spare, a, b, c).allMatch(each -> Objects.equals(each.running(), 1.0)));
            }
        }
    }

    @Test
    void shouldSayThatItDoesNotWorkWhenTheBrokersAreAway() throws Exception {
        try (EngineRig.Instance one = rig.instance("one")) {
            // Given: nothing is to be written.
            one.register(URI.create("http://127.0.0.1:9/"));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Objects.equals(one.running(), 1.0));

            // When
            rig.stopBroker();

            // Then
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Objects.equals(one.running(), 0.0));
        }
    }

    @Test
    void shouldSayFromTheStartThatItCannotWork() throws Exception {
        // Given
        try (EngineRig.Instance cutOff = rig.cutOff("cut-off");
                EngineRig.Instance withoutEndpoints = rig.withoutEndpoints("without");
                EngineRig.Instance idle = rig.instance("idle")) {
            Awaitility.await().until(() -> cutOff.registry.isCurrent() && idle.registry.isCurrent());
            Awaitility.await().until(() -> idle.running() == null);

            // When
            cutOff.register(URI.create("http://127.0.0.1:9/"));

            // Then
            Awaitility.await().until(() -> Objects.equals(cutOff.running(), 0.0));
            Awaitility.await().until(() -> Objects.equals(withoutEndpoints.running(), 0.0));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Objects.equals(idle.running(), 1.0));
        }
    }

    /** A rebuild decides all of the input again, into a topic of the same name: the places of before are of no use there. */
    @Test
    void shouldTellAllOfAnOutputThatWasMadeAgain() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count <= 2 ? 500 : 204)) {
            // Given
            Endpoint endpoint = registeredWithADeadDelivery("key", receiver.url());
            try (EngineRig.Instance one = rig.instance("one")) {
                rig.decide(29, 7);
                awaitOutcomes(receiver, 29);
            }
            try (EngineRig.Instance cutOff = rig.cutOff("cut-off")) {
                Awaitility.await().until(() -> cutOff.endpoint(endpoint.id()) != null);
                cutOff.gateway
                        .replay(endpoint.id(), new ReplayRequest.OfPartition(0, 0))
                        .get();
            }

            // When
            rig.remakeOutput();
            rig.decide(200, 7);

            // Then
            try (EngineRig.Instance one = rig.instance("one")) {
                awaitOutcomes(receiver, 29 + 200);
                Awaitility.await()
                        .until(() -> one.endpoint(endpoint.id()).replays().isEmpty());
                assertThat(rig.dead(endpoint.id())).isZero();
            }
            int before = receiver.requests();
            try (EngineRig.Instance again = rig.instance("one")) {
                rig.decide(1, 7);
                awaitOutcomes(receiver, 29 + 200 + 1);
                assertThat(receiver.requests()).isEqualTo(before + 1);
                assertThat(again.registry.endpoints()).hasSize(1);
            }
        }
    }

    @Test
    void shouldForgetWhatWasDeletedWhileNobodyWorked() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count <= 2 ? 500 : 204)) {
            // Given
            Endpoint deleted = registeredWithADeadDelivery("key", receiver.url());

            // When
            try (EngineRig.Instance cutOff = rig.cutOff("cut-off")) {
                cutOff.gateway.delete(deleted.id(), null).get();
                Endpoint other = cutOff.registerAs("other", receiver.url());
                assertThat(other.id()).isNotEqualTo(deleted.id());
            }
            try (EngineRig.Instance one = rig.instance("one")) {
                // Then
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> rig.progress(deleted.id()).isEmpty());
                assertThat(rig.dead(deleted.id())).isZero();
                assertThat(one.registry.endpoints()).hasSize(1);
            }
        }
    }

    @Test
    void shouldNotTakeTheDeadDeliveriesOfADeletedEndpointForThoseOfItsSuccessor() throws Exception {
        try (WebhookReceiver before = WebhookReceiver.start(count -> count <= 2 ? 500 : 204);
                WebhookReceiver after = WebhookReceiver.start(count -> 204)) {
            // Given
            Endpoint first = registeredWithADeadDelivery("key", before.url());

            // When
            try (EngineRig.Instance cutOff = rig.cutOff("cut-off")) {
                cutOff.gateway.delete(first.id(), null).get();
                assertThat(cutOff.registerAs("key", after.url()).id()).isEqualTo(first.id());
            }
            try (EngineRig.Instance one = rig.instance("one")) {
                awaitOutcomes(after, 1);

                // Then
                assertThat(rig.dead(first.id())).isZero();
                assertThat(one.registry.endpoints()).hasSize(1);
            }
        }
    }

    private Endpoint registeredWithADeadDelivery(String key, URI url) throws Exception {
        try (EngineRig.Instance one = rig.instance("one", List.of(Duration.ofMillis(50)))) {
            Endpoint endpoint = one.registerAs(key, url);
            rig.decide(1, 1);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> rig.dead(endpoint.id()) == 1);
            return endpoint;
        }
    }

    @Test
    void shouldTellEverythingOfALogThatEndsBeforeItsPlace() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204)) {
            // Given
            rig.decide(90, 10);
            Endpoint endpoint;
            try (EngineRig.Instance one = rig.instance("one")) {
                endpoint = one.register(receiver.url());
                awaitOutcomes(receiver, 90);
            }
            rig.writeProgress(endpoint, 1_000);

            // When
            try (EngineRig.Instance one = rig.instance("one")) {
                rig.decide(90, 10);
                awaitOutcomes(receiver, 180);

                // Then
                assertThat(receiver.taken()).hasSize(270);
                assertThat(one.registry.endpoints()).hasSize(1);
            }
        }
    }
}
