package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.CommandField;
import io.tally.ledger.Source;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final Flaw FLAW = new Flaw(DeadLetterCode.INVALID_AMOUNT, "/amount", "Expected more");
    private static final Source SOURCE = new Source(3, 42);

    @Test
    void shouldKeepTheRecordAndSayWhereItStood() {
        // When
        DeadLetter letter = letter(utf8("alice"), utf8("{}"), List.of(WireHeader.ascii("a", "b")));

        // Then
        assertThat(letter.key()).isEqualTo(utf8("alice"));
        assertThat(letter.value()).isEqualTo(utf8("{}"));
        assertThat(letter.headers())
                .containsExactly(
                        WireHeader.ascii("a", "b"),
                        WireHeader.ascii("tally.error.code", "invalid_amount"),
                        WireHeader.ascii("tally.error.detail", "Expected more"),
                        WireHeader.ascii("__streams.errors.message", "Expected more"),
                        WireHeader.ascii("__streams.errors.topic", "transactions-in"),
                        WireHeader.ascii("__streams.errors.partition", "3"),
                        WireHeader.ascii("__streams.errors.offset", "42"));
    }

    @Test
    void shouldKeepNullsAsNulls() {
        DeadLetter letter = letter(null, null, List.of(new WireHeader("n", null)));
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(letter.headers()).contains(new WireHeader("n", null));
    }

    @Test
    void shouldKeepWhatJustFits() {
        // Given
        byte[] key = new byte[1024];
        byte[] value = new byte[65_536];
        WireHeader header = new WireHeader("name", new byte[8192 - 4]);

        // When
        DeadLetter letter = letter(key, value, List.of(header));

        // Then
        assertThat(letter.key()).isSameAs(key);
        assertThat(letter.value()).isSameAs(value);
        assertThat(letter.headers()).contains(header);
        assertThat(truncated(letter)).isEmpty();
    }

    /** They have no bytes to count, but half a million of them are more than a producer sends. */
    @Test
    void shouldCutMoreHeadersThanAHundredHoweverSmall() {
        // Given
        List<WireHeader> empty = Collections.nCopies(101, new WireHeader("", null));

        // When
        DeadLetter fits = letter(utf8("a"), utf8("{}"), empty.subList(0, 100));
        DeadLetter cut = letter(utf8("a"), utf8("{}"), empty);

        // Then
        assertThat(truncated(fits)).isEmpty();
        assertThat(truncated(cut)).containsExactly(WireHeader.ascii("tally.truncated", "headers"));
        assertThat(cut.headers()).hasSizeLessThan(110);
    }

    @Test
    void shouldCutAndMarkWhatDoesNot() {
        // Given
        WireHeader small = WireHeader.ascii("small", "x");
        WireHeader large = new WireHeader("large", new byte[8192]);

        // When
        DeadLetter letter = letter(new byte[1025], new byte[1_000_000], List.of(small, large, small));

        // Then
        assertThat(letter.key()).hasSize(1024);
        assertThat(letter.value()).hasSize(65_536);
        assertThat(letter.headers()).containsOnlyOnce(small).doesNotContain(large);
        assertThat(truncated(letter)).containsExactly(WireHeader.ascii("tally.truncated", "value,key,headers"));
    }

    @Test
    void shouldReplaceTheHeadersOfAnEarlierRound() {
        // Given
        DeadLetter first = letter(new byte[1025], utf8("{}"), List.of());

        // When
        DeadLetter second = letter(utf8("a"), utf8("{}"), first.headers());

        // Then
        assertThat(second.headers())
                .isEqualTo(letter(utf8("a"), utf8("{}"), List.of()).headers());
    }

    @Test
    void shouldUseTheNamesOfKafkaStreams() throws ReflectiveOperationException {
        Class<?> streams = Class.forName("org.apache.kafka.streams.errors.internals.ExceptionHandlerUtils");
        assertThat(DeadLetterHeaders.STREAMS_TOPIC)
                .isEqualTo(streams.getField("HEADER_ERRORS_TOPIC_NAME").get(null));
        assertThat(DeadLetterHeaders.STREAMS_PARTITION)
                .isEqualTo(streams.getField("HEADER_ERRORS_PARTITION_NAME").get(null));
        assertThat(DeadLetterHeaders.STREAMS_OFFSET)
                .isEqualTo(streams.getField("HEADER_ERRORS_OFFSET_NAME").get(null));
        assertThat(DeadLetterHeaders.STREAMS_MESSAGE)
                .isEqualTo(
                        streams.getField("HEADER_ERRORS_EXCEPTION_MESSAGE_NAME").get(null));
    }

    @Test
    void shouldNameTheFieldOfAConflict() {
        for (CommandField field : CommandField.values()) {
            Flaw flaw = Flaw.conflict(field);
            assertThat(flaw.code()).isEqualTo(DeadLetterCode.UID_CONFLICT);
            assertThat(flaw.pointer()).isEqualTo("/" + field.wireName());
        }
    }

    @Test
    void shouldBoundDetails() {
        String longest = "x".repeat(200);
        assertThat(new Flaw(DeadLetterCode.INVALID_UID, "", longest).detail()).isEqualTo(longest);
        assertThatThrownBy(() -> new Flaw(DeadLetterCode.INVALID_UID, "", longest + "x"))
                .hasMessage("Expected a detail of at most 200 characters, but got 201");
    }

    @Test
    void shouldCompareHeadersByContent() {
        assertThat(WireHeader.ascii("a", "b"))
                .isEqualTo(WireHeader.ascii("a", "b"))
                .hasSameHashCodeAs(WireHeader.ascii("a", "b"))
                .isNotEqualTo(WireHeader.ascii("a", "c"))
                .isNotEqualTo(WireHeader.ascii("b", "b"))
                .isNotEqualTo("a");
    }

    private static DeadLetter letter(byte[] key, byte[] value, List<WireHeader> headers) {
        return DeadLetter.of(key, value, headers, FLAW, "transactions-in", SOURCE);
    }

    private static List<WireHeader> truncated(DeadLetter letter) {
        return letter.headers().stream()
                .filter(h -> h.key().equals("tally.truncated"))
                .toList();
    }
}
