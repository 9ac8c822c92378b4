package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDecoderTest {
    private static final String UID = "\"uid\":\"" + Samples.UID + "\"";
    private static final String DEPOSIT = UID + ",\"type\":\"DEPOSIT\",\"amount\":\"1\"";
    private static final String OPEN = UID + ",\"type\":\"OPEN\"";
    private static final long NOW = Samples.TIME;

    private final CommandDecoder decoder = new CommandDecoder(Samples.CURRENCIES, "USD");

    @Test
    void shouldDecodeADeposit() {
        assertThat(valid(
                        "bob",
                        "{" + UID + ",\"type\":\"DEPOSIT\",\"user_id\":\"bob\",\"amount\":\"10.50\","
                                + "\"currency\":\"EUR\",\"timestamp\":\"2026-01-31T10:00:00+01:00\"}"))
                .isEqualTo(new Command(
                        Samples.UID,
                        new Account("bob", "EUR"),
                        CommandType.DEPOSIT,
                        1050,
                        1_769_850_000_000L,
                        null,
                        true,
                        true));
    }

    @Test
    void shouldFillInUserCurrencyAndTime() {
        assertThat(valid("bob", "{" + DEPOSIT + "}"))
                .isEqualTo(new Command(
                        Samples.UID, new Account("bob", "USD"), CommandType.DEPOSIT, 100, NOW, null, false, false));
    }

    @Test
    void shouldDecodeAnOpen() {
        assertThat(valid("bob", "{" + OPEN + ",\"name\":\"Zo\u00eb \\ud835\\udcb5\",\"currency\":\"USD\"}"))
                .isEqualTo(new Command(
                        Samples.UID, new Account("bob", "USD"), CommandType.OPEN, 0, NOW, "Zoë 𝒵", true, false));
    }

    @Test
    void shouldDecodeAWithdrawalWithoutAKey() {
        assertThat(valid(null, "{" + UID + ",\"type\":\"WITHDRAW\",\"user_id\":\"bob\",\"amount\":0.5}")
                        .amount())
                .isEqualTo(50);
    }

    @Test
    void shouldCountNullAsAbsent() {
        assertThat(valid(
                        "bob",
                        "{" + OPEN + ",\"amount\":null,\"name\":null,\"user_id\":null,\"currency\":null,"
                                + "\"timestamp\":null,\"hold_id\":null,\"overdraft\":null}"))
                .isEqualTo(valid("bob", "{" + OPEN + "}"));
    }

    @Test
    void shouldIgnoreUnknownFields() {
        assertThat(valid(
                        "bob",
                        "{\"UID\":1,\"uid \":1,\"\\u0000uid\":3,\"note\":\"" + "x".repeat(5000)
                                + "\",\"n\":" + "9".repeat(5000)
                                + ",\"e\":1e999999999,\"s\":\"\\ud800\\u0000\",\"deep\":[[[[[[[]]]]]]],"
                                + "\"o\":{\"uid\":true,\"amount\":[]}," + DEPOSIT + "}"))
                .isEqualTo(valid("bob", "{" + DEPOSIT + "}"));
    }

    @Test
    void shouldReadEscapedNamesAndValues() {
        assertThat(valid("bob", "{\"\\u0075id\":\"" + Samples.UID + "\",\"type\":\"\\u004fPEN\"}"))
                .isEqualTo(valid("bob", "{" + OPEN + "}"));
    }

    @Test
    void shouldAllowBlanksAroundTheObject() {
        assertThat(valid("bob", " \t\r\n{ " + DEPOSIT + " }\n ")).isNotNull();
    }

    @Test
    void shouldNormaliseTheUid() {
        assertThat(valid("bob", ("{" + DEPOSIT + "}").replace("0f8fad5b", "0F8FAD5B"))
                        .uid())
                .isEqualTo(Samples.UID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "42", "9223372036854775808", "9999999999999999999"})
    void shouldTakeAnIntegerUserIdAsItsDecimalString(String integer) {
        assertThat(valid(integer, "{" + DEPOSIT + ",\"user_id\":" + integer + "}")
                        .userId())
                .isEqualTo(integer);
        assertThat(valid(null, "{" + DEPOSIT + ",\"user_id\":\"" + integer + "\"}")
                        .userId())
                .isEqualTo(integer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-0", "1.0", "1e3", "99999999999999999999", "true", "[]", "{}", "\"\"", "\"a b\""})
    void shouldRefuseOtherUserIds(String json) {
        assertFirst(null, "{" + DEPOSIT + ",\"user_id\":" + json + "}", DeadLetterCode.INVALID_USER, "/user_id");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 100",
        "1.5, 150",
        "1.50, 150",
        "1.500000, 150",
        "0.01, 1",
        "9999999999999.99, 999999999999999",
    })
    void shouldReadAmountsAsStringOrNumber(String amount, long minorUnits) {
        String json = "{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":";
        assertThat(valid("bob", json + amount + "}").amount()).isEqualTo(minorUnits);
        assertThat(valid("bob", json + '"' + amount + "\"}").amount()).isEqualTo(minorUnits);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "-1",
                "-0",
                "1e4",
                "1E4",
                "1e4000000",
                "1e-4000000",
                "1e2000000000",
                "0.001",
                "10000000000000",
                "true",
                "{}",
                "[1]",
                "\"\"",
                "\"1 \"",
                "\"01\"",
                "\"+1\"",
                "\".5\"",
                "\"5.\"",
                "\"\\ud800\"",
                "\"1\\u0000\"",
                "\"NaN\""
            })
    void shouldRefuseOtherAmounts(String json) {
        assertFirst(
                "bob",
                "{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":" + json + "}",
                DeadLetterCode.INVALID_AMOUNT,
                "/amount");
    }

    @Test
    void shouldBoundTheLengthOfAmounts() {
        String json = "{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":";
        assertThat(valid("bob", json + "1." + "0".repeat(38) + "}").amount()).isEqualTo(100);
        assertFirst("bob", json + "1." + "0".repeat(39) + "}", DeadLetterCode.INVALID_AMOUNT, "/amount");
        assertFirst("bob", json + "1".repeat(60_000) + "}", DeadLetterCode.INVALID_AMOUNT, "/amount");
        assertFirst("bob", json + "\"" + "1".repeat(60_000) + "\"}", DeadLetterCode.INVALID_AMOUNT, "/amount");
    }

    @Test
    void shouldJudgeAmountsByTheCurrency() {
        String json = "{" + UID + ",\"type\":\"DEPOSIT\",\"amount\":\"%s\",\"currency\":\"%s\"}";
        assertThat(valid("bob", json.formatted("10.000", "JPY")).amount()).isEqualTo(10);
        assertThat(valid("bob", json.formatted("1.001", "KWD")).amount()).isEqualTo(1001);
        assertFirst("bob", json.formatted("10.1", "JPY"), DeadLetterCode.INVALID_AMOUNT, "/amount");
        assertFirst("bob", json.formatted("1.0001", "KWD"), DeadLetterCode.INVALID_AMOUNT, "/amount");
        assertThat(codes(invalid("bob", json.formatted("1.0001", "QQQ")))).isEqualTo("INVALID_CURRENCY/currency");
        assertThat(codes(invalid("bob", json.formatted("1.00001", "QQQ"))))
                .isEqualTo("INVALID_AMOUNT/amount INVALID_CURRENCY/currency");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, Command.MAX_TIMESTAMP + 1, Long.MAX_VALUE})
    void shouldCountRecordTimesOutOfRangeAsZero(long recordTimestamp) {
        Decoded decoded = decoder.decode(utf8("bob"), utf8("{" + DEPOSIT + "}"), recordTimestamp);
        assertThat(((Decoded.Valid) decoded).command().effectiveAt()).isZero();
    }

    @Test
    void shouldBoundNamesByCodePoints() {
        String json = "{" + OPEN + ",\"name\":\"%s\"}";
        assertThat(valid("bob", json.formatted("𝒵".repeat(200))).name()).hasSize(400);
        assertFirst("bob", json.formatted("𝒵".repeat(201)), DeadLetterCode.INVALID_NAME, "/name");
        assertFirst("bob", json.formatted("x".repeat(60_000)), DeadLetterCode.INVALID_NAME, "/name");
    }

    @Test
    void shouldHoldTheLimitsFromBothSides() {
        String json = "{" + DEPOSIT + "}";
        String padding = " ".repeat(65_536 - json.length());
        assertThat(valid("bob", json + padding)).isNotNull();
        assertFirst("bob", json + padding + " ", DeadLetterCode.TOO_LARGE, "");
        assertFirst("k".repeat(1024), json, DeadLetterCode.INVALID_USER, "");
        assertFirst("k".repeat(1025), json, DeadLetterCode.TOO_LARGE, "");
        assertThat(valid("bob", "{" + DEPOSIT + ",\"d\":" + "[".repeat(7) + "]".repeat(7) + "}"))
                .isNotNull();
        assertFirst(
                "bob",
                "{" + DEPOSIT + ",\"d\":" + "[".repeat(8) + "]".repeat(8) + "}",
                DeadLetterCode.MALFORMED_JSON,
                "");
        assertThat(valid("bob", "{" + DEPOSIT + ",\"" + "f".repeat(256) + "\":1}"))
                .isNotNull();
        assertFirst("bob", "{" + DEPOSIT + ",\"" + "f".repeat(257) + "\":1}", DeadLetterCode.MALFORMED_JSON, "");
    }

    @Test
    void shouldNotParseWhatIsTooLarge() {
        assertThat(codes(decoder.decode(new byte[1025], new byte[1_000_000], NOW)))
                .isEqualTo("TOO_LARGE TOO_LARGE");
    }

    @Test
    void shouldListEveryFlawByPrecedenceAndThenByField() {
        assertThat(codes(invalid(
                        "-",
                        "{\"overdraft\":1,\"hold_id\":\"x\",\"name\":7,\"timestamp\":\"now\",\"currency\":\"usd\","
                                + "\"amount\":\"0\",\"user_id\":\"\",\"type\":\"open\",\"uid\":\"1\"}")))
                .isEqualTo(
                        "INVALID_FIELD/hold_id INVALID_FIELD/overdraft INVALID_UID/uid INVALID_TYPE/type INVALID_USER "
                                + "INVALID_USER/user_id INVALID_AMOUNT/amount INVALID_CURRENCY/currency "
                                + "INVALID_TIMESTAMP/timestamp INVALID_NAME/name");
        assertThat(codes(invalid(null, "{}"))).isEqualTo("MISSING_FIELD/uid MISSING_FIELD/type MISSING_FIELD/user_id");
        assertThat(codes(invalid("k".repeat(2000), "nonsense"))).isEqualTo("MALFORMED_JSON TOO_LARGE");
        assertThat(codes(invalid("k".repeat(2000), "{}"))).isEqualTo("TOO_LARGE MISSING_FIELD/uid MISSING_FIELD/type");
        assertThat(codes(invalid("bob", "{" + UID + ",\"type\":\"WITHDRAW\",\"name\":\"x\"}")))
                .isEqualTo("MISSING_FIELD/amount INVALID_FIELD/name");
        assertThat(codes(invalid("bob", "{" + OPEN + ",\"amount\":[],\"currency\":\"EUR\",\"user_id\":\"al\"}")))
                .isEqualTo("INVALID_FIELD/amount INVALID_CURRENCY/currency KEY_MISMATCH/user_id");
    }

    @Test
    void shouldTellTheSenderOnlyPrintableAscii() {
        // Given
        String[] inputs = {
            "",
            "nul",
            "{\"\u00e4\u0001",
            "{\"a\":\u0000}",
            "{\"\\ud800\":1,\"\\ud800\":2}",
            "{\"a\":ÿ" + "z".repeat(9000)
        };

        for (String input : inputs) {
            // When
            Decoded.Invalid invalid = invalid("bob", input);

            // Then
            assertThat(invalid.flaws())
                    .allSatisfy(flaw ->
                            assertThat(flaw.detail()).startsWith("Expected ").matches("[ -~]{10,200}"));
        }
    }

    @Test
    void shouldNotDependOnEarlierRecords() {
        for (int i = 0; i < 200; i++) {
            int start = i * 100;
            String names = IntStream.range(start, start + 100)
                    .mapToObj(n -> "\"f" + n + "\":" + n)
                    .collect(Collectors.joining(","));
            assertThat(valid("bob", "{" + names + "," + DEPOSIT + "}").amount()).isEqualTo(100);
        }
    }

    @Test
    void shouldServeSeveralThreads() {
        IntStream.range(0, 20_000).parallel().forEach(i -> {
            String userId = "u" + i;
            assertThat(valid(userId, "{\"n" + i % 500 + "\":0," + DEPOSIT + "}").userId())
                    .isEqualTo(userId);
        });
    }

    @Test
    void shouldRefuseADefaultCurrencyThatTheTableLacks() {
        assertThatThrownBy(() -> new CommandDecoder(Samples.CURRENCIES, "XXX"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Expected a default currency of table iso4217-2026, but got 'XXX'");
    }

    @Test
    void shouldWantAtLeastOneFlaw() {
        assertThatThrownBy(() -> new Decoded.Invalid(java.util.List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private Command valid(String key, String json) {
        Decoded decoded = decoder.decode(key == null ? null : utf8(key), utf8(json), NOW);
        assertThat(decoded).isInstanceOf(Decoded.Valid.class);
        return ((Decoded.Valid) decoded).command();
    }

    private Decoded.Invalid invalid(String key, String json) {
        Decoded decoded = decoder.decode(key == null ? null : utf8(key), utf8(json), NOW);
        assertThat(decoded).isInstanceOf(Decoded.Invalid.class);
        return (Decoded.Invalid) decoded;
    }

    private void assertFirst(String key, String json, DeadLetterCode code, String pointer) {
        Flaw first = invalid(key, json).first();
        assertThat(first.code()).isEqualTo(code);
        assertThat(first.pointer()).isEqualTo(pointer);
    }

    private static String codes(Decoded decoded) {
        return ((Decoded.Invalid) decoded)
                .flaws().stream().map(flaw -> flaw.code() + flaw.pointer()).collect(Collectors.joining(" "));
    }
}
