package io.tally.webhook;

import static io.tally.webhook.EngineRig.awaitOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.gateway.webhook.ReplayRequest;
import io.tally.rig.WebhookReceiver;
import io.tally.wire.webhook.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What engines on a real broker make of progress whose endpoint or topic is another one now. */
class WebhookProgressIT extends EngineCases {
    @Test
    void shouldTellAnEndpointThatIsRegisteredAgainFromItsOwnStart() throws Exception {
        try (WebhookReceiver before = WebhookReceiver.start(count -> 204);
                WebhookReceiver after = WebhookReceiver.start(count -> 204)) {
            try (EngineRig.Instance one = rig.instance("one")) {
                // Given
                Endpoint first = one.registerAs("key", before.url());
                rig.decide(100, 10);
                awaitOutcomes(before, 100);

                // When
                one.gateway.delete(first.id(), null).get();
                Endpoint second = one.registerAs("key", after.url());
                after.trust(second.secrets().get(0).secret());
                awaitOutcomes(after, 100);
                assertThat(second.id()).isEqualTo(first.id());
            }

            // Then
            assertThat(after.strange()).isEmpty();
            assertThat(before.taken()).hasSize(100);
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
            try (EngineRig.Instance idle = rig.withoutEngine("idle")) {
                Awaitility.await().until(() -> idle.endpoint(endpoint.id()) != null);
                idle.gateway
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
                assertThat(again.registry.endpoints()).hasSize(1);
            }
            assertThat(receiver.requests()).isEqualTo(before + 1);
        }
    }

    @Test
    void shouldForgetWhatWasDeletedWhileNobodyWorked() throws Exception {
        try (WebhookReceiver receiver = WebhookReceiver.start(count -> count <= 2 ? 500 : 204)) {
            // Given
            Endpoint deleted = registeredWithADeadDelivery("key", receiver.url());

            // When
            try (EngineRig.Instance idle = rig.withoutEngine("idle")) {
                Awaitility.await().until(() -> idle.endpoint(deleted.id()) != null);
                idle.gateway.delete(deleted.id(), null).get();
                Endpoint other = idle.registerAs("other", receiver.url());
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
            try (EngineRig.Instance idle = rig.withoutEngine("idle")) {
                Awaitility.await().until(() -> idle.endpoint(first.id()) != null);
                idle.gateway.delete(first.id(), null).get();
                assertThat(idle.registerAs("key", after.url()).id()).isEqualTo(first.id());
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
                assertThat(one.registry.endpoints()).hasSize(1);
            }

            // Then
            assertThat(receiver.taken()).hasSize(270);
        }
    }
}
