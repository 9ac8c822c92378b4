package io.tally.webhook;

import static io.tally.webhook.EngineRig.awaitOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.WebhookReceiver;
import io.tally.wire.webhook.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines that share partitions on a real broker, and what each says of whether it works. */
class WebhookGroupIT extends EngineCases {
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
    void shouldSayThatItDoesNotWorkWhenTheBrokersAreAway(@TempDir Path another) throws Exception {
        try (EngineRig own = new EngineRig(another);
                EngineRig.Instance one = own.instance("one")) {
            // Given: nothing is to be written.
            one.register(URI.create("http://127.0.0.1:9/"));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Objects.equals(one.running(), 1.0));

            // When
            own.stopBroker();

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
}
