package io.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's modules that only calculate, each by itself. */
@Tag("browser")
class ConsoleModulesIT {
    @TempDir
    private static Path directory;

    private static ConsoleRig rig;
    private final ObjectMapper json = new ObjectMapper();

    @BeforeAll
    static void start() {
        rig = ConsoleRig.start(directory, Map.of());
        rig.browser().open("");
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    /** Runs statements with a module at hand as {@code it}, and returns what they return. */
    private JsonNode with(String module, String statements) throws Exception {
        Object result = rig.browser()
                .runAsync(
                        "const tell = arguments[0]; import('/console/" + module + "').then(it => {" + statements
                                + "}).then(value => tell(JSON.stringify(value)), error => tell(JSON.stringify(String(error))))");
        return json.readTree(String.valueOf(result));
    }

    @Test
    void shouldTellTheSameEventsHoweverTheStreamIsCut() throws Exception {
        JsonNode told = with("sse.js", """
                const stream = ':hello\\n\\nid: 1\\nevent: a\\ndata: one\\ndata:two\\n\\nid: 2\\r\\n\\r\\n'
                  + 'event: b\\rdata\\r\\rid: 3\\nretry: 5\\ndata:  spaced\\n\\nid: 4\\ndata: never ended';
                const read = (pieces) => {
                  const events = [];
                  const parser = new it.EventParser((event) => events.push([event.type, event.data, parser.lastId]));
                  pieces.forEach((piece) => parser.push(piece));
                  return JSON.stringify([events, parser.lastId]);
                };
                const whole = read([stream]);
                const different = [];
                for (let at = 0; at <= stream.length; at++) {
                  const cut = read([stream.slice(0, at), stream.slice(at)]);
                  if (cut !== whole) { different.push(at); }
                }
                if (read([...stream]) !== whole) { different.push('each'); }
                return [JSON.parse(whole), different];
                """);

        assertThat(told.path(0))
                .isEqualTo(json.readTree(
                        "[[[\"a\",\"one\\ntwo\",\"1\"],[\"b\",\"\",\"2\"],[\"message\",\" spaced\",\"3\"]],\"3\"]"));
        assertThat(told.path(1)).isEmpty();
    }

    @Test
    void shouldKeepMoneyExact() throws Exception {
        JsonNode shown = with("money.js", """
                return [it.grouped('1234567.50'), it.grouped('-1234567'), it.grouped('999'), it.signed('0.00'), it.signed('5.00'),
                  it.signed('-5.00'), it.amount(it.minor('9999999999999999.99') + 1n, 2), it.amount(-5n, 2), it.amount(12n, 0),
                  it.amount(it.minor('-0.001') - 1n, 3)];
                """);

        assertThat(shown)
                .isEqualTo(json.readTree("[\"1,234,567.50\",\"−1,234,567\",\"999\",\"0.00\",\"+5.00\",\"−5.00\","
                        + "\"10000000000000000.00\",\"-0.05\",\"12\",\"-0.002\"]"));
    }

    @Test
    void shouldReadMetricsAndEstimateQuantiles() throws Exception {
        JsonNode read = with("metrics.js", """
                const at = (...counts) => it.parse(['0.01', '0.1', '+Inf']
                  .map((le, index) => `tally_x_bucket{le="${le}",z="a\\\\"}b"} ${counts[index]}`).join('\\n')
                  + '\\n# HELP tally_y\\ntally_y{a="1",b="2"} 3.0\\ntally_y{a="2"} 4\\njvm_z 1\\n', 'tally_');
                const [before, after] = [at(1, 1, 1), at(1, 101, 101)];
                return [it.sum(after, 'tally_y'), it.sum(after, 'tally_y', {a: '1'}), it.sum(after, 'jvm_z'),
                  it.quantile(before, after, 'tally_x', 0.5).toFixed(3), it.quantile(before, before, 'tally_x', 0.5),
                  it.quantile(before, at(1, 1, 5), 'tally_x', 0.99)];
                """);

        assertThat(read).isEqualTo(json.readTree("[7,3,0,\"0.055\",null,0.1]"));
    }

    @Test
    void shouldLeadToTheViewThatALinkNames() throws Exception {
        JsonNode parsed = with("route.js", """
                const hash = it.link('user', 'a/b?c#d%', { currency: 'USD', empty: '' });
                const route = it.parse(hash);
                return [hash, route.view, route.argument, route.parameters.get('currency'), it.parse('#/user/%zz').argument,
                  it.parse('').view];
                """);

        assertThat(parsed)
                .isEqualTo(json.readTree(
                        "[\"#/user/a%2Fb%3Fc%23d%25?currency=USD\",\"user\",\"a/b?c#d%\",\"USD\",\"%zz\",\"\"]"));
    }

    @Test
    void shouldMarkScalesWithRoundNumbers() throws Exception {
        JsonNode marks =
                with("scale.js", "return [it.marks(0, 97), it.marks(-30, 80), it.marks(0, 0), it.marks(0, 3.2)]");

        assertThat(marks).isEqualTo(json.readTree("[[0,50,100],[-50,0,50,100],[0,0.5],[0,1,2,3,4]]"));
    }

    @Test
    void shouldQuoteWhatAShellWouldRead() throws Exception {
        JsonNode command = with("curl.js", "return it.command('/v1/transaction', {user_id: \"o'hara $(id) `id`\"})");

        assertThat(command.asText())
                .isEqualTo(
                        "curl -sS -H 'Content-Type: application/json' -d '{\"user_id\":\"o\\u0027hara $(id) `id`\"}' '"
                                + rig.service() + "/v1/transaction'");
    }
}
