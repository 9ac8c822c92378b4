package io.tally.app.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIMESTAMP = "1614265330";
    private static final String BODY = "{\"test\": 2432232314}";
    /** Published with the specification's reference implementations, for the four values above. */
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private final Secrets secrets = secrets(Deliveries.SECRET);

    @Test
    void shouldAgreeWithThePublishedVector() {
        assertThat(secrets.haveSigned(ID, TIMESTAMP, SIGNATURE, bytes(BODY))).isTrue();
    }

    @Test
    void shouldAgreeWithAnotherSigner() {
        // Given
        String signature = Deliveries.signature(Deliveries.SECRET, "1-7", Deliveries.NOW, "{\"name\":\"Zoë\"}");

        // Then
        String timestamp = Long.toString(Deliveries.NOW.getEpochSecond());
        assertThat(secrets.haveSigned("1-7", timestamp, signature, bytes("{\"name\":\"Zoë\"}")))
                .isTrue();
    }

    @Test
    void shouldRefuseWhatWasTamperedWith() {
        assertThat(secrets.haveSigned("msg_other", TIMESTAMP, SIGNATURE, bytes(BODY)))
                .isFalse();
        assertThat(secrets.haveSigned(ID, "1614265331", SIGNATURE, bytes(BODY))).isFalse();
        assertThat(secrets.haveSigned(ID, TIMESTAMP, SIGNATURE, bytes(BODY + " ")))
                .isFalse();
        assertThat(secrets(Deliveries.OTHER_SECRET).haveSigned(ID, TIMESTAMP, SIGNATURE, bytes(BODY)))
                .isFalse();
        assertThat(secrets().haveSigned(ID, TIMESTAMP, SIGNATURE, bytes(BODY))).isFalse();
    }

    /** While one secret takes the place of another, a delivery is signed with both and a receiver may know either. */
    @Test
    void shouldTakeAnyOfSeveralSignaturesByAnyOfSeveralSecrets() {
        // Given
        String both = "v1,bm9ib2R5cw== v1a,bm9ib2R5cw== " + SIGNATURE;

        // Then
        assertThat(secrets.haveSigned(ID, TIMESTAMP, both, bytes(BODY))).isTrue();
        assertThat(secrets(Deliveries.OTHER_SECRET, Deliveries.SECRET)
                        .haveSigned(ID, TIMESTAMP, SIGNATURE, bytes(BODY)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "v1,",
                "v1,!!",
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1Q==",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=v1,x"
            })
    void shouldRefuseWhatIsNoSignature(String signatures) {
        assertThat(secrets.haveSigned(ID, TIMESTAMP, signatures, bytes(BODY))).isFalse();
    }

    @Test
    void shouldRefuseNone() {
        assertThat(secrets.haveSigned(ID, TIMESTAMP, null, bytes(BODY))).isFalse();
    }

    @Test
    void shouldLookAtABoundedNumber() {
        assertThat(secrets.haveSigned(ID, TIMESTAMP, "v1,x ".repeat(7) + SIGNATURE, bytes(BODY)))
                .isTrue();
        assertThat(secrets.haveSigned(ID, TIMESTAMP, "v1,x ".repeat(8) + SIGNATURE, bytes(BODY)))
                .isFalse();
    }

    private static Secrets secrets(String... all) {
        return new Secrets(
                Stream.of(all).map(secret -> new SigningSecret(secret, null)).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
