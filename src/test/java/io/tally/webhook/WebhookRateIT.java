package io.tally.webhook;

import static io.tally.webhook.EngineRig.awaitOutcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.TallyProcess;
import io.tally.rig.WebhookReceiver;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows how many outcomes a healthy endpoint is told a second, alone and beside one that is dead. Prints; asserts what must not depend on the machine. */
@Tag("proof")
class WebhookRateIT {
    private static final int OUTCOMES = Integer.getInteger("tally.webhooks.outcomes", 20_000);
    private static final int USERS = 10_000;
    private static final int ROUNDS = Integer.getInteger("tally.webhooks.rounds", 5);

    @TempDir
    Path directory;

    @Test
    void shouldNotLetADeadEndpointCostTheHealthyOneMuch() throws Exception {
        List<Long> alone = new ArrayList<>();
        List<Long> beside = new ArrayList<>();
        try (EngineRig rig = new EngineRig(directory);
                WebhookReceiver receiver = WebhookReceiver.start(count -> 204);
                EngineRig.Instance one = rig.instance("one")) {
            one.register(receiver.url());
            tell(rig, receiver);
            for (int round = 0; round < ROUNDS; round++) {
                alone.add(tell(rig, receiver));
                String dead = one.register(URI.create("http://127.0.0.1:" + TallyProcess.freePort() + "/"))
                        .id();
                beside.add(tell(rig, receiver));
                assertThat(one.count(dead, "delivered")).isZero();
                assertThat(one.count(dead, "failed"))
                        .as("attempts at the dead one")
                        .isLessThan(100);
                one.gateway.delete(dead, null).get();
            }
        }
        System.out.println("outcomes a second, alone " + alone + ", beside a dead endpoint " + beside + ", medians "
                + median(alone) + " and " + median(beside));
    }

    private static long tell(EngineRig rig, WebhookReceiver receiver) throws Exception {
        rig.decide(OUTCOMES, USERS);
        long begun = System.nanoTime();
        int before = receiver.outcomes();
        awaitOutcomes(receiver, rig.decided());
        return (rig.decided() - before) * 1_000_000_000L / (System.nanoTime() - begun);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
