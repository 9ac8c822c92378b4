package io.tally.app.webhook;

import static io.tally.app.webhook.Deliveries.NOW;
import static io.tally.app.webhook.Deliveries.body;
import static io.tally.app.webhook.Deliveries.signed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.SigningSecret;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Receiver receiver = receiver(new SigningSecret(Deliveries.SECRET, null));

    @Test
    void shouldTellOfAnEvent() {
        // When
        CheckResult result = receiver.receive(signed("1-7", body("ada", 7, 3)));

        // Then
        assertThat(result).isEqualTo(CheckResult.RIGHT);
        assertThat(lines())
                .containsExactly("2026-11-26T10:00:00Z 1-7 transaction.accepted user=ada amount=10.50 currency=USD"
                        + " balance=31.50 sequence=3 signature=ok timestamp=ok order=ok");
        assertThat(receiver.events()).isEqualTo(1);
        assertThat(receiver.isRight()).isTrue();
    }

    @Test
    void shouldKnowARepeatAgainAndFindItRight() {
        // Given
        receiver.receive(signed("1-7", body("ada", 7, 3)));
        receiver.receive(signed("1-8", body("ada", 8, 4)));

        // When
        CheckResult result = receiver.receive(signed("1-7", body("ada", 7, 3)));

        // Then
        assertThat(result).isEqualTo(CheckResult.REPEAT);
        assertThat(lines()).last().asString().endsWith(" signature=ok timestamp=ok repeat");
        assertThat(receiver.isRight()).isTrue();
        assertThat(receiver.summary()).startsWith("2 events, 1 repeats, 0 out of order, 0 bad signatures, ");
    }

    @Test
    void shouldFindWhatIsOutOfOrder() {
        // Given
        receiver.receive(signed("1-7", body("ada", 7, 3)));

        // When
        CheckResult result = receiver.receive(signed("1-9", body("ada", 9, 5)));

        // Then
        assertThat(result).isEqualTo(CheckResult.OUT_OF_ORDER);
        assertThat(lines()).last().asString().endsWith(" order=wrong (sequence 5 after 3)");
        assertThat(receiver.isRight()).isFalse();
        assertThat(receiver.events()).isEqualTo(2);
    }

    @Test
    void shouldNotBelieveWhatIsNotSigned() {
        // Given
        Received forged = new Received(
                NOW,
                "1-7",
                Long.toString(NOW.getEpochSecond()),
                Deliveries.signature(Deliveries.OTHER_SECRET, "1-7", NOW, body("ada", 70, 30)),
                body("ada", 70, 30).getBytes(StandardCharsets.UTF_8));

        // When
        CheckResult result = receiver.receive(forged);

        // Then: the true one is neither a repeat nor late
        assertThat(result).isEqualTo(CheckResult.WRONG_SIGNATURE);
        assertThat(lines()).last().asString().endsWith(" signature=wrong");
        assertThat(receiver.receive(signed("1-7", body("ada", 7, 3)))).isEqualTo(CheckResult.RIGHT);
        assertThat(receiver.isRight()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301})
    void shouldNotBelieveAnotherTimeThanNow(long seconds) {
        // When
        CheckResult result = receiver.receive(signed("1-7", NOW.plusSeconds(seconds), body("ada", 7, 3)));

        // Then
        assertThat(result).isEqualTo(CheckResult.WRONG_TIMESTAMP);
        assertThat(lines()).last().asString().endsWith(" timestamp=wrong (off by " + -seconds + " s)");
        assertThat(receiver.receive(signed("1-7", body("ada", 7, 3)))).isEqualTo(CheckResult.RIGHT);
        assertThat(receiver.isRight()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 300})
    void shouldAllowForClocksThatDiffer(long seconds) {
        assertThat(receiver.receive(signed("1-7", NOW.plusSeconds(seconds), body("ada", 7, 3))))
                .isEqualTo(CheckResult.RIGHT);
    }

    @Test
    void shouldSayThatItHasNoSecretToCheckWith() {
        // Given
        Receiver trusting = receiver();

        // When
        CheckResult result = trusting.receive(signed("1-7", body("ada", 7, 3)));

        // Then
        assertThat(result).isEqualTo(CheckResult.RIGHT);
        assertThat(lines()).last().asString().contains(" signature=unchecked timestamp=ok order=ok");
    }

    @Test
    void shouldTellOfATestWithoutAPlaceInAnyOrder() {
        // When
        CheckResult result = receiver.receive(
                signed("t-1", "{\"type\":\"webhook.test\",\"timestamp\":\"x\",\"data\":{\"message\":\"It works\"}}"));

        // Then
        assertThat(result).isEqualTo(CheckResult.RIGHT);
        assertThat(lines())
                .last()
                .asString()
                .endsWith("webhook.test message=It_works signature=ok timestamp=ok order=unchecked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"type\":1,\"data\":{}}", "{\"type\":\"transaction.accepted\"}"})
    void shouldRefuseWhatIsNoEvent(String body) {
        assertThat(receiver.receive(signed("1-7", body))).isEqualTo(CheckResult.UNREADABLE);
        assertThat(receiver.isRight()).isFalse();
    }

    @Test
    void shouldRefuseWhatHasNoIdOrTime() {
        byte[] body = body("ada", 7, 3).getBytes(StandardCharsets.UTF_8);
        String now = Long.toString(NOW.getEpochSecond());
        for (String id : new String[] {null, "", "a b", "x".repeat(257), "é"}) {
            assertThat(receiver.receive(new Received(NOW, id, now, null, body))).isEqualTo(CheckResult.UNREADABLE);
        }
        for (String timestamp : new String[] {null, "", "now", "-1", "9999999999999"}) {
            assertThat(receiver.receive(new Received(NOW, "1-7", timestamp, null, body)))
                    .isEqualTo(CheckResult.UNREADABLE);
        }
    }

    /** A line can be trusted: no sender can make it look like two, or like one that was checked. */
    @Test
    void shouldPrintOneCleanLineWhateverComes() {
        // When
        receiver().receive(signed("1-7", body("ada\\n\\u001b[31m signature=ok\\u2028", 7, 3)));

        // Then
        assertThat(lines()).singleElement().asString().contains("user=ada__[31m_signature=ok_ amount=");
    }

    @Test
    void shouldRememberABoundedNumberOfIds() {
        // Given
        Receiver trusting = receiver();
        for (int count = 0; count <= Recent.CAPACITY; count++) {
            trusting.receive(plain("id-" + count));
        }

        // Then
        assertThat(trusting.receive(plain("id-" + Recent.CAPACITY))).isEqualTo(CheckResult.REPEAT);
        assertThat(trusting.receive(plain("id-0"))).isEqualTo(CheckResult.RIGHT);
    }

    private static Received plain(String id) {
        byte[] body = "{\"type\":\"webhook.test\",\"data\":{}}".getBytes(StandardCharsets.UTF_8);
        return new Received(NOW, id, Long.toString(NOW.getEpochSecond()), null, body);
    }

    private Receiver receiver(SigningSecret... secrets) {
        return new Receiver(List.of(secrets), new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
