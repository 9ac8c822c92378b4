package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands in CloudEvents of structured mode. */
class EventEnvelopeTest {
    private static final String COMMAND =
            "{'uid':'" + Samples.UID + "','type':'DEPOSIT','user_id':'bob','amount':'1.50'}";
    private static final String EVENT = "{'specversion':'1.0','id':'1','source':'/shop','type':'paid',"
            + "'subject':'alice','time':'2026-01-01T00:00:00Z','datacontenttype':'application/json','x':[{}],"
            + "'data':" + COMMAND + "}";

    private final CommandDecoder decoder = new CommandDecoder(Samples.CURRENCIES, "USD");

    @Test
    void shouldReadTheCommandAndNothingOfItFromTheEvent() {
        assertThat(decode(EVENT)).isInstanceOf(Decoded.Valid.class).isEqualTo(plain(COMMAND));
    }

    @Test
    void shouldNotLookForAnEventInAPlainCommand() {
        assertThat(codes(plain(EVENT))).isEqualTo("MISSING_FIELD/uid MISSING_FIELD/user_id INVALID_TYPE/type");
    }

    @Test
    void shouldJudgeTheCommandAsAPlainOne() {
        assertThat(codes(decode(EVENT.replace("1.50", "1.5x")))).isEqualTo("INVALID_AMOUNT/amount");
        assertThat(codes(decode(EVENT.replace("'amount'", "'uid'")))).isEqualTo("MALFORMED_JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`'specversion':'1.0',` | `` | MISSING_FIELD/specversion",
                "`'1.0'` | `1.0` | INVALID_FIELD/specversion",
                "`'1.0'` | `'0.3'` | INVALID_FIELD/specversion",
                "`'id':'1'` | `'id':''` | INVALID_FIELD/id",
                "`'id':'1'` | `'id':1` | INVALID_FIELD/id",
                "`'id':'1'` | `'id':null` | MISSING_FIELD/id",
                "`'source'` | `'sourc'` | MISSING_FIELD/source",
                "`'type':'paid'` | `'type':{}` | INVALID_FIELD/type",
                "`'data':` | `'dato':` | MISSING_FIELD/data",
                "`'data':` | `'data':[1],'dato':` | INVALID_FIELD/data",
                "`'data':` | `'data':'{}','dato':` | INVALID_FIELD/data",
                "`'data':` | `'data_base64':'e30=','data':` | INVALID_FIELD/data_base64",
                "`'data':` | `'data':{},'data':` | MALFORMED_JSON",
                "`'id':'1','source'` | `'sourc'` | `MISSING_FIELD/id MISSING_FIELD/source`",
                "`'id':'1'` | `'id':'','data_base64':null` | INVALID_FIELD/id"
            })
    void shouldRefuseWhatIsNoEvent(String right, String wrong, String codes) {
        assertThat(EVENT).contains(right);
        assertThat(codes(decode(EVENT.replace(right, wrong)))).isEqualTo(codes);
    }

    @Test
    void shouldListAKeyThatIsTooLongBeforeWhatTheEventLacks() {
        Decoded decoded = decoder.decode(new byte[1025], utf8("{}"), CommandFormat.EVENT, 0);
        assertThat(codes(decoded))
                .isEqualTo("TOO_LARGE MISSING_FIELD/specversion MISSING_FIELD/id MISSING_FIELD/source"
                        + " MISSING_FIELD/type MISSING_FIELD/data");
    }

    @Test
    void shouldCountTheEventsBracesAmongTheLevels() {
        String deepest = EVENT.replace("'user_id'", "'x':[[[[[[]]]]]],'user_id'");
        assertThat(decode(deepest)).isInstanceOf(Decoded.Valid.class);
        assertThat(codes(decode(deepest.replace("[]", "[[]]")))).isEqualTo("MALFORMED_JSON");
    }

    private Decoded decode(String event) {
        return decoder.decode(null, utf8(event.replace('\'', '"')), CommandFormat.EVENT, 0);
    }

    private Decoded plain(String command) {
        return decoder.decode(null, utf8(command.replace('\'', '"')), 0);
    }

    private static String codes(Decoded decoded) {
        return ((Decoded.Invalid) decoded)
                .flaws().stream().map(flaw -> flaw.code() + flaw.pointer()).collect(Collectors.joining(" "));
    }
}
