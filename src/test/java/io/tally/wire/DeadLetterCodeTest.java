package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One row per dead-letter code: the bytes that cause it. The list also pins the order of precedence. */
class DeadLetterCodeTest {
    private static final String UID = "\"uid\":\"" + Samples.UID + "\"";
    private static final String OPEN = UID + ",\"type\":\"OPEN\",";
    private static final String DEPOSIT = UID + ",\"type\":\"DEPOSIT\",\"amount\":1,";

    private final CommandDecoder decoder = new CommandDecoder(Samples.CURRENCIES, "USD");

    private static Map<DeadLetterCode, List<byte[]>> values() {
        Map<DeadLetterCode, List<byte[]>> rows = new EnumMap<>(DeadLetterCode.class);
        String whole = "{" + DEPOSIT + "\"x\":1}";
        rows.put(
                DeadLetterCode.MALFORMED_JSON,
                List.of(
                        new byte[0],
                        new byte[] {0},
                        new byte[60_000],
                        utf8(" "),
                        utf8("null"),
                        utf8("1"),
                        utf8("\"x\""),
                        utf8("[" + whole + "]"),
                        utf8("{" + DEPOSIT + "}"),
                        utf8(whole.substring(0, whole.length() - 1)),
                        utf8(whole + "}"),
                        utf8(whole + "1"),
                        utf8(whole + whole),
                        utf8(whole + "\u0000"),
                        utf8("\ufeff" + whole),
                        utf8("// comment\n" + whole),
                        utf8("{'uid':1}"),
                        utf8("{uid:1}"),
                        utf8("{" + DEPOSIT + UID + "}"),
                        utf8("{" + DEPOSIT + "\"x\":1,\"x\":1}"),
                        utf8("{" + DEPOSIT + "\"u\\u0069d\":1}"),
                        utf8("{" + DEPOSIT + "\"x\":{\"y\":1,\"y\":1}}"),
                        utf8("{" + DEPOSIT + "\"x\":007}"),
                        utf8("{" + DEPOSIT + "\"x\":+1}"),
                        utf8("{" + DEPOSIT + "\"x\":1.}"),
                        utf8("{" + DEPOSIT + "\"x\":.1}"),
                        utf8("{" + DEPOSIT + "\"x\":NaN}"),
                        utf8("{" + DEPOSIT + "\"x\":\"a\nb\"}"),
                        utf8("{" + DEPOSIT + "\"x\":\"\\x\"}"),
                        utf8("{" + DEPOSIT + "\"x\":\"\u0000\"}"),
                        utf8("{" + DEPOSIT + "\"x\":" + "[".repeat(30_000) + "}"),
                        utf8("{\"a\":".repeat(10_000)),
                        bytes("{" + DEPOSIT + "\"x\":\"", 0xFF, "\"}"),
                        bytes("{" + DEPOSIT + "\"x\":\"", 0xC3, "\"}"),
                        bytes("{" + DEPOSIT + "\"x\":\"", 0xC0, 0x80, "\"}"),
                        bytes("{" + DEPOSIT + "\"x\":\"", 0xED, 0xA0, 0x80, "\"}"),
                        bytes("{" + DEPOSIT + "\"x\":\"", 0xF4, 0x90, 0x80, 0x80, "\"}"),
                        whole.getBytes(StandardCharsets.UTF_16),
                        whole.getBytes(StandardCharsets.UTF_16LE),
                        whole.getBytes(StandardCharsets.UTF_16BE)));
        rows.put(DeadLetterCode.TOO_LARGE, List.of(new byte[65_537], new byte[1_000_000], utf8(" ".repeat(65_537))));
        rows.put(
                DeadLetterCode.MISSING_FIELD,
                List.of(
                        utf8("{}"),
                        utf8("{\"type\":\"OPEN\"}"),
                        utf8("{" + UID + "}"),
                        utf8("{" + UID + ",\"type\":null}"),
                        utf8("{" + UID + ",\"type\":\"DEPOSIT\"}"),
                        utf8("{" + UID + ",\"type\":\"WITHDRAW\",\"amount\":null}"),
                        utf8("{\"uid\":null,\"type\":\"\",\"overdraft\":true}")));
        rows.put(
                DeadLetterCode.INVALID_FIELD,
                List.of(
                        utf8("{" + OPEN + "\"amount\":\"1\"}"),
                        utf8("{" + OPEN + "\"amount\":false}"),
                        utf8("{" + DEPOSIT + "\"name\":\"x\"}"),
                        utf8("{" + DEPOSIT + "\"name\":{}}"),
                        utf8("{" + DEPOSIT + "\"to_user_id\":\"x\"}"),
                        utf8("{" + DEPOSIT + "\"hold_id\":\"\"}"),
                        utf8("{" + DEPOSIT + "\"reverses\":0}"),
                        utf8("{" + DEPOSIT + "\"expires_at\":[]}"),
                        utf8("{" + DEPOSIT + "\"if_sequence\":{}}"),
                        utf8("{" + DEPOSIT + "\"overdraft\":false}")));
        rows.put(
                DeadLetterCode.INVALID_UID,
                List.of(
                        utf8("{\"uid\":\"\",\"type\":\"OPEN\"}"),
                        utf8("{\"uid\":7,\"type\":\"OPEN\"}"),
                        utf8("{\"uid\":{\"uid\":[]},\"type\":\"OPEN\"}"),
                        utf8("{\"uid\":\"1-1-1-1-1\",\"type\":\"\"}"),
                        utf8("{\"uid\":\"\\ud800" + "0".repeat(35) + "\",\"type\":\"OPEN\"}"),
                        utf8("{\"uid\":\"" + "0".repeat(60_000) + "\",\"type\":\"OPEN\"}")));
        rows.put(
                DeadLetterCode.INVALID_TYPE,
                List.of(
                        utf8("{" + UID + ",\"type\":\"\"}"),
                        utf8("{" + UID + ",\"type\":\"open\"}"),
                        utf8("{" + UID + ",\"type\":\"OPEN \"}"),
                        utf8("{" + UID + ",\"type\":\"OPEN\\u0000\"}"),
                        utf8("{" + UID + ",\"type\":1}"),
                        utf8("{" + UID + ",\"type\":\"TRANSFER\",\"user_id\":true}")));
        rows.put(
                DeadLetterCode.INVALID_USER,
                List.of(
                        utf8("{" + OPEN + "\"user_id\":\"\"}"),
                        utf8("{" + OPEN + "\"user_id\":\"a\\u0000\"}"),
                        utf8("{" + OPEN + "\"user_id\":\"\\ud800\"}"),
                        utf8("{" + OPEN + "\"user_id\":\"" + "a".repeat(65) + "\"}"),
                        utf8("{" + OPEN + "\"user_id\":12345678901234567890}"),
                        utf8("{" + DEPOSIT + "\"user_id\":-1,\"timestamp\":0}")));
        rows.put(
                DeadLetterCode.INVALID_AMOUNT,
                List.of(
                        utf8("{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":1e4000000}"),
                        utf8("{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":1e2000000000}"),
                        utf8("{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":" + "9".repeat(60_000) + "}"),
                        utf8("{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":1e" + "9".repeat(60_000) + "}"),
                        utf8("{" + UID + ",\"type\":\"WITHDRAW\",\"amount\":\"0\",\"currency\":\"\"}")));
        rows.put(
                DeadLetterCode.INVALID_CURRENCY,
                List.of(
                        utf8("{" + DEPOSIT + "\"currency\":\"\"}"),
                        utf8("{" + DEPOSIT + "\"currency\":\"usd\"}"),
                        utf8("{" + DEPOSIT + "\"currency\":\"XXX\"}"),
                        utf8("{" + DEPOSIT + "\"currency\":840}"),
                        utf8("{" + DEPOSIT + "\"currency\":\"USD\\u0000\"}"),
                        utf8("{" + OPEN + "\"currency\":\"EUR\",\"timestamp\":\"\"}")));
        rows.put(
                DeadLetterCode.INVALID_TIMESTAMP,
                List.of(
                        utf8("{" + DEPOSIT + "\"timestamp\":\"\"}"),
                        utf8("{" + DEPOSIT + "\"timestamp\":1706695230000}"),
                        utf8("{" + DEPOSIT + "\"timestamp\":\"2023-02-29\"}"),
                        utf8("{" + DEPOSIT + "\"timestamp\":\"\\ud800\"}"),
                        utf8("{" + OPEN + "\"timestamp\":\"" + "2".repeat(60_000) + "\",\"name\":\"\"}")));
        rows.put(
                DeadLetterCode.INVALID_NAME,
                List.of(
                        utf8("{" + OPEN + "\"name\":\"\"}"),
                        utf8("{" + OPEN + "\"name\":\"a\\u0000\"}"),
                        utf8("{" + OPEN + "\"name\":\"a\\nb\"}"),
                        utf8("{" + OPEN + "\"name\":\"\u0085\"}"),
                        utf8("{" + OPEN + "\"name\":\"\\ud800\"}"),
                        utf8("{" + OPEN + "\"name\":\"\\udc00\\ud800\"}"),
                        utf8("{" + OPEN + "\"name\":7}"),
                        utf8("{" + OPEN + "\"name\":\"" + "x".repeat(201) + "\",\"user_id\":\"other\"}")));
        rows.put(DeadLetterCode.KEY_MISMATCH, List.of(utf8("{" + OPEN + "\"user_id\":\"other\"}")));
        return rows;
    }

    @Test
    void shouldGiveEveryCodeItsBytes() {
        // Given
        Map<DeadLetterCode, List<byte[]>> rows = values();

        rows.forEach((code, inputs) -> {
            for (byte[] input : inputs) {
                // When
                Decoded decoded = decoder.decode(utf8("bob"), input, 0);

                // Then
                String shown = new String(input, 0, Math.min(300, input.length), StandardCharsets.ISO_8859_1);
                assertThat(decoded).as(shown).isInstanceOf(Decoded.Invalid.class);
                assertThat(((Decoded.Invalid) decoded).first().code()).as(shown).isEqualTo(code);
            }
        });

        // A conflict is found by the ledger, not in the bytes.
        Set<DeadLetterCode> without = EnumSet.complementOf(EnumSet.copyOf(rows.keySet()));
        assertThat(without).containsExactly(DeadLetterCode.UID_CONFLICT);
    }

    @Test
    void shouldJudgeKeys() {
        byte[] value = utf8("{" + OPEN + "\"x\":1}");
        assertFirst(new byte[0], value, DeadLetterCode.INVALID_USER);
        assertFirst(new byte[] {0}, value, DeadLetterCode.INVALID_USER);
        assertFirst(utf8("\"bob\""), value, DeadLetterCode.INVALID_USER);
        assertFirst(bytes("b", 0xFF), value, DeadLetterCode.INVALID_USER);
        assertFirst(utf8("bób"), value, DeadLetterCode.INVALID_USER);
        assertFirst(new byte[] {0, 0, 0, 42}, value, DeadLetterCode.INVALID_USER);
        assertFirst(new byte[1024], value, DeadLetterCode.INVALID_USER);
        assertFirst(new byte[1025], value, DeadLetterCode.TOO_LARGE);
        assertFirst(null, value, DeadLetterCode.MISSING_FIELD);
        assertFirst(utf8("bob"), null, DeadLetterCode.MALFORMED_JSON);
        assertFirst(null, null, DeadLetterCode.MALFORMED_JSON);
    }

    @Test
    void shouldStandInOrderOfPrecedenceUnderItsWireName() {
        assertThat(Arrays.stream(DeadLetterCode.values()).map(DeadLetterCode::wireName))
                .containsExactly(
                        "malformed_json",
                        "too_large",
                        "missing_field",
                        "invalid_field",
                        "invalid_uid",
                        "invalid_type",
                        "invalid_user",
                        "invalid_amount",
                        "invalid_currency",
                        "invalid_timestamp",
                        "invalid_name",
                        "key_mismatch",
                        "uid_conflict");
    }

    private void assertFirst(byte[] key, byte[] value, DeadLetterCode code) {
        Decoded decoded = decoder.decode(key, value, 0);
        assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
        assertThat(((Decoded.Invalid) decoded).first().code()).isEqualTo(code);
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer octet) {
                all.write(octet);
            } else {
                all.writeBytes(utf8((String) part));
            }
        }
        return all.toByteArray();
    }
}
