package io.tally.webhook;

import static io.tally.webhook.EngineRig.awaitOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.webhook.EndpointPatch;
import io.tally.gateway.webhook.ReplayRequest;
import io.tally.gateway.webhook.UpdateResult;
import io.tally.rig.WebhookReceiver;
import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.Replay;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An engine on a real broker. */
class WebhookEngineIT extends EngineCases {
    @Test
    void shouldTellEachOutcomeOnceInOrderAndSigned() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> 204)) {
            // Given
            rig.decide(500, 20);
            try (EngineRig.Instance one = rig.instance("one")) {
                Endpoint endpoint = one.register(receiver.url());
                receiver.trust(endpoint.secrets().get(0).secret());

                // When
                awaitOutcomes(receiver, 500);
                rig.decide(500, 20);
                awaitOutcomes(receiver, 1_000);
                Awaitility.await().until(() -> one.count(endpoint.id(), "delivered") == 1_000);
            }

            // Then: nor does anything come until the end.
            assertThat(receiver.taken()).hasSize(1_000);
            assertThat(receiver.outOfOrder()).isEmpty();
            assertThat(receiver.strange()).isEmpty();
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
    void shouldNotSendToAnEndpointThatIsGoneAndGoOnWhenItIsActiveAgain() throws Exception {
        int[] status = {410};
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> status[0])) {
            // Given
            rig.decide(100, 1);
            try (EngineRig.Instance one = rig.instance("one")) {
                Endpoint endpoint = one.register(receiver.url());
                Awaitility.await().until(() -> one.endpoint(endpoint.id()).state() == EndpointState.DISABLED);
                assertThat(one.endpoint(endpoint.id()).disabledReason()).isEqualTo(DisabledReason.GONE);

                // When
                status[0] = 204;
                one.gateway
                        .change(endpoint.id(), null, new EndpointPatch(null, null, null, null, EndpointState.ACTIVE))
                        .get();
                awaitOutcomes(receiver, 100);
            }

            // Then: one that said that it is gone, and each outcome once.
            assertThat(receiver.requests()).isEqualTo(1 + 100);
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
                UpdateResult<Replay> replay = one.gateway
                        .replay(endpoint.id(), new ReplayRequest.OfPartition(0, offset))
                        .get();
                assertThat(replay).isInstanceOf(UpdateResult.Made.class);
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
}
