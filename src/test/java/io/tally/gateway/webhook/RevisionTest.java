package io.tally.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevisionTest {
    private static final EndpointPatch PAUSED = new EndpointPatch(null, null, null, null, EndpointState.PAUSED);

    private final IdsAndSecrets fresh = new IdsAndSecrets();
    private final SigningSecret first = fresh.secret();
    private final Endpoint endpoint = new Endpoint(
            fresh.endpointId(),
            URI.create("https://shop.example/hook"),
            "",
            Set.of(EventType.TRANSACTION_ACCEPTED),
            Set.of(),
            EndpointState.ACTIVE,
            null,
            List.of(first),
            List.of(0L),
            List.of(),
            1,
            0,
            0);

    private static SigningSecret until(SigningSecret secret, long millis) {
        return new SigningSecret(secret.secret(), millis);
    }

    @Test
    void shouldKeepWhatSignsWhenItIsRotatedAgain() {
        // Given
        SigningSecret second = fresh.secret();
        SigningSecret third = fresh.secret();
        Endpoint rotated = new Revision(endpoint).rotated(second, 100).at(0);
        assertThat(rotated.secrets()).containsExactly(second, until(first, 100));

        // When
        Endpoint again = new Revision(rotated).rotated(third, 199).at(99);

        // Then
        assertThat(again.secrets()).containsExactly(third, until(second, 199), until(first, 100));
        assertThat(new Revision(rotated).rotated(third, 200).at(100).secrets())
                .containsExactly(third, until(second, 200));
    }

    @Test
    void shouldEndTheOldestWhenThereAreTooMany() {
        // Given
        Endpoint most = endpoint;
        for (int time = 1; time < Revision.MAX_SECRETS; time++) {
            most = new Revision(most).rotated(fresh.secret(), 100 + time).at(time);
        }
        assertThat(most.secrets()).hasSize(Revision.MAX_SECRETS).endsWith(until(first, 101));

        // When
        Endpoint more = new Revision(most).rotated(fresh.secret(), 110).at(10);

        // Then
        assertThat(more.secrets())
                .hasSize(Revision.MAX_SECRETS)
                .endsWith(most.secrets().get(1), most.secrets().get(2));
        assertThat(new Revision(most).rotated(fresh.secret(), 201).at(101).secrets())
                .as("one of them was over")
                .hasSize(Revision.MAX_SECRETS)
                .endsWith(most.secrets().get(1), most.secrets().get(2));
    }

    @Test
    void shouldForgetWhatSignsNoMoreWithTheNextChange() {
        // Given
        SigningSecret second = fresh.secret();
        Endpoint rotated = new Revision(endpoint).rotated(second, 100).at(0);

        // When
        Endpoint after = new Revision(rotated).with(PAUSED).at(100);

        // Then
        assertThat(after.secrets()).containsExactly(second);
        assertThat(new Revision(rotated).with(PAUSED).at(99).secrets()).containsExactly(second, until(first, 100));
        assertThat(new Revision(rotated).at(100)).as("no change").isSameAs(rotated);
    }
}
