package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.tally.wire.webhook.SigningSecret;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checked by the library that Standard Webhooks publishes. */
class SignatureTest {
    private static final String BODY = "{\"type\":\"user.opened\",\"data\":{\"name\":\"Zoë 🐢\"}}";
    private static final WebhookMessage MESSAGE = new WebhookMessage("0-17", BODY.getBytes(StandardCharsets.UTF_8));

    private final long now = System.currentTimeMillis() / 1_000;

    private static String secret(int bytes, long seed) {
        byte[] key = new byte[bytes];
        new SplittableRandom(seed).nextBytes(key);
        return SigningSecret.PREFIX + Base64.getEncoder().encodeToString(key);
    }

    private static void verify(String secret, String id, long seconds, String signature, String body)
            throws WebhookVerificationException, EmptyWebhookSecretException {
        new Webhook(secret)
                .verify(
                        body,
                        HttpHeaders.of(
                                Map.of(
                                        "webhook-id", List.of(id),
                                        "webhook-timestamp", List.of(Long.toString(seconds)),
                                        "webhook-signature", List.of(signature)),
                                (name, value) -> true));
    }

    /** The example of the specification. */
    @Test
    void shouldSignAsTheSpecificationDoes() {
        WebhookMessage message = new WebhookMessage(
                "msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
        SigningSecret secret = new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null);

        assertThat(Signature.of(message, 1_614_265_330, List.of(secret)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32, 64})
    void shouldVerify(int bytes) {
        // When
        String secret = secret(bytes, 1);
        String signature = Signature.of(MESSAGE, now, List.of(new SigningSecret(secret, null)));

        // Then
        assertThatCode(() -> verify(secret, "0-17", now, signature, BODY)).doesNotThrowAnyException();
    }

    @Test
    void shouldVerifyWithBothSecretsWhileTheyAreExchanged() {
        // Given
        String newest = secret(32, 1);
        String older = secret(32, 2);
        List<SigningSecret> secrets =
                List.of(new SigningSecret(newest, null), new SigningSecret(older, now * 1_000 + 1));

        // When
        String signature = Signature.of(MESSAGE, now, secrets);

        // Then
        assertThat(signature.split(" ")).hasSize(2).doesNotHaveDuplicates().allMatch(one -> one.startsWith("v1,"));
        assertThatCode(() -> verify(newest, "0-17", now, signature, BODY)).doesNotThrowAnyException();
        assertThatCode(() -> verify(older, "0-17", now, signature, BODY)).doesNotThrowAnyException();
        assertThatThrownBy(() -> verify(secret(32, 3), "0-17", now, signature, BODY))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void shouldNotSignWithASecretThatHasExpired() {
        // Given
        String newest = secret(32, 1);
        String older = secret(32, 2);

        // When
        String signature = Signature.of(
                MESSAGE, now, List.of(new SigningSecret(newest, null), new SigningSecret(older, now * 1_000)));

        // Then
        assertThat(signature.split(" ")).hasSize(1);
        assertThatCode(() -> verify(newest, "0-17", now, signature, BODY)).doesNotThrowAnyException();
        assertThatThrownBy(() -> verify(older, "0-17", now, signature, BODY))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void shouldNotVerifyWhatWasChanged() {
        // Given
        String secret = secret(32, 1);
        List<SigningSecret> secrets = List.of(new SigningSecret(secret, null));
        long old = now - 301;

        // When
        String signature = Signature.of(MESSAGE, now, secrets);
        String oldSignature = Signature.of(MESSAGE, old, secrets);

        // Then
        assertThatThrownBy(() -> verify(secret, "0-17", now, signature, BODY + " "))
                .hasMessage("No matching signature found");
        assertThatThrownBy(() -> verify(secret, "0-18", now, signature, BODY))
                .hasMessage("No matching signature found");
        assertThatThrownBy(() -> verify(secret, "0-17", now - 1, signature, BODY))
                .hasMessage("No matching signature found");
        assertThatThrownBy(() -> verify(secret, "0-17", old, oldSignature, BODY))
                .hasMessage("Message timestamp too old");
    }
}
