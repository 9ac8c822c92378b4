package io.tally.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.audit.Parsed.Refused;
import io.tally.audit.Parsed.Request;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandParserTest {
    private static final String UID = "00000000-0000-0000-0000-0000000000Ab";

    private final CommandParser parser = new CommandParser(Records.settings(4));

    @Test
    void shouldReadEveryField() {
        // When
        Parsed parsed = parse(
                "7",
                "{'uid':'" + UID + "','type':'DEPOSIT','user_id':7,'amount':1.50,'currency':'EUR',"
                        + "'timestamp':'1970-01-01T00:00:01','name':null,'x':[{}]}");

        // Then
        assertThat(parsed).isEqualTo(new Request(UUID.fromString(UID), "7", "DEPOSIT", 15_000, "EUR", 1_000, null));
    }

    @ParameterizedTest
    @CsvSource({
        "malformed_json, 1",
        "malformed_json, {",
        "malformed_json, {} {}",
        "malformed_json, '{''uid'':1,''uid'':1}'",
        "missing_field, {}",
        "missing_field, '{''uid'':''x'',''type'':''DEPOSIT''}'",
        "invalid_field, '{''uid'':''x'',''type'':''OPEN'',''overdraft'':true}'",
        "invalid_uid, '{''uid'':''x'',''type'':''STEAL''}'",
        "invalid_type, '{''uid'':''#'',''type'':''STEAL'',''user_id'':'' ''}'",
        "invalid_user, '{''uid'':''#'',''type'':''DEPOSIT'',''amount'':0,''user_id'':'' ''}'",
        "invalid_amount, '{''uid'':''#'',''type'':''DEPOSIT'',''amount'':0,''currency'':''QQQ''}'",
        "invalid_currency, '{''uid'':''#'',''type'':''DEPOSIT'',''amount'':1,''currency'':''QQQ'',''timestamp'':''x''}'",
        "invalid_timestamp, '{''uid'':''#'',''type'':''OPEN'',''name'':'''',''timestamp'':''x''}'",
        "invalid_name, '{''uid'':''#'',''type'':''OPEN'',''name'':'''',''user_id'':''bob''}'",
        "key_mismatch, '{''uid'':''#'',''type'':''OPEN'',''user_id'':''bob''}'"
    })
    void shouldNameTheFirstCodeInOrderOfPrecedence(String code, String json) {
        // When
        Parsed parsed = parse("alice", json.replace("#", UID));

        // Then
        assertThat(parsed)
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "'1'", "0.01", "'1.000'", "9999999999999.99", "'9999999999999.990'"})
    void shouldTakeAmounts(String amount) {
        assertThat(parse("a", deposit(amount))).isInstanceOf(Request.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "'0.00'",
                "-1",
                "'+1'",
                "1e3",
                "'1e3'",
                "15e-1",
                "'01'",
                "'1.'",
                "'.5'",
                "''",
                "'1.001'",
                "true",
                "10000000000000",
                "'1 '",
                "'١'",
                "[1]"
            })
    void shouldRefuseAmounts(String amount) {
        assertThat(parse("a", deposit(amount)))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.code()).isEqualTo("invalid_amount"));
    }

    @Test
    void shouldTakeTheUserFromKeyOrField() {
        assertThat(parse("alice", deposit("1"))).isInstanceOf(Request.class);
        assertThat(parse(null, deposit("1"))).isEqualTo(new Refused("missing_field", true));
        assertThat(parse(null, deposit("1").replace("}", ",'user_id':1234567890123456789}")))
                .isInstanceOf(Request.class);
        assertThat(parse(null, deposit("1").replace("}", ",'user_id':12345678901234567890}")))
                .isEqualTo(new Refused("invalid_user", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z",
                "1969-12-31T23:00:00-01:00",
                "2024-02-29T00:00:00+14:00",
                "2026-01-01"
            })
    void shouldTakeTimes(String time) {
        assertThat(EffectiveTime.parse(time)).isNotEqualTo(EffectiveTime.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.9999Z",
                "1970-01-01T00:00:00+01:00",
                "9999-12-31T23:59:59-01:00",
                "2026-02-30T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01 00:00:00",
                "now",
                "1700000000",
                ""
            })
    void shouldRefuseTimes(String time) {
        assertThat(EffectiveTime.parse(time)).isEqualTo(EffectiveTime.NONE);
    }

    @Test
    void shouldReadTheCommandInAnEvent() {
        String event = "{'specversion':'1.0','id':'1','source':'/a','type':'b','data':" + deposit("1") + "}";
        byte[] json = event.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] key = "alice".getBytes(StandardCharsets.UTF_8);
        assertThat(parser.parse(key, json, true)).isEqualTo(parse("alice", deposit("1")));
        assertThat(parser.parse(key, json, false)).isEqualTo(new Refused("missing_field", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "missing_field | `'id':'1',` | ``",
                "missing_field | `'id':'1'` | `'id':null`",
                "missing_field | `'data':` | `'dat':`",
                "invalid_field | `'1.0'` | `1.0`",
                "invalid_field | `'1.0'` | `'1.1'`",
                "invalid_field | `'/a'` | `''`",
                "invalid_field | `'/a'` | `7`",
                "invalid_field | `'data':` | `'data':1,'x':`",
                "invalid_field | `'data':` | `'data_base64':'e30=','data':`"
            })
    void shouldRefuseWhatIsNoEvent(String code, String right, String wrong) {
        // Given
        String event = "{'specversion':'1.0','id':'1','source':'/a','type':'b','data':" + deposit("1") + "}";
        assertThat(event).contains(right);

        // When
        Parsed parsed = parser.parse(
                null, event.replace(right, wrong).replace('\'', '"').getBytes(StandardCharsets.UTF_8), true);

        // Then
        assertThat(parsed).isEqualTo(new Refused(code, true));
    }

    private static String deposit(String amount) {
        return "{'uid':'" + UID + "','type':'DEPOSIT','amount':" + amount + "}";
    }

    private Parsed parse(@Nullable String key, String json) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return parser.parse(keyBytes, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), false);
    }
}
