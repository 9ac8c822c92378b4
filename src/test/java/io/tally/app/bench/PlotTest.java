package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

class PlotTest {
    private static final BenchSettings SETTINGS = new BenchSettings(
            List.of(),
            1,
            Duration.ofSeconds(10),
            Duration.ZERO,
            500,
            0,
            10_000,
            32,
            20_000,
            new LogSettings(1_000, 100, false, List.of(), List.of(), 10),
            7);

    @Test
    void shouldDrawEveryDrainAndTheMediansOfEachLoad() throws Exception {
        // Given
        ScenarioReport growth =
                scenario("growth", drain(0, 100_000), drain(1_000_000, 80_000), drain(2_000_000, 70_000));
        ScenarioReport busy = scenario("sustained", load(40_000, 30, 90));
        ScenarioReport calm = scenario("sustained", load(500, 5, 12), load(500, 6, 13), load(500, 7, 14));

        // When
        String svg = plot(growth, busy, calm);

        // Then: three drains, and two loads with two percentiles each.
        Document document = parsed(svg);
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(3 + 2 * 2);
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(1 + 2);
        // The least load comes first, at 1.25 % of an axis of 620 points.
        assertThat(document.getElementsByTagName("polyline")
                        .item(1)
                        .getAttributes()
                        .getNamedItem("points")
                        .getNodeValue())
                .startsWith("87.8,");
        assertThat(svg).contains("commands before", "commands/s offered", ">ms<", ">100 k<", ">2 M<", ">p99<");
    }

    @Test
    void shouldDrawNothingOfWhatWasNotMeasured() throws Exception {
        // When
        String svg = plot(scenario("http-writes", new Figures().with("p50_ms", 3)));

        // Then
        assertThat(parsed(svg).getElementsByTagName("polyline").getLength()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.01, 1.5", "99, 100", "101, 150", "170000, 200000", "0.3, 0.3"})
    void shouldEndAxesAtShortNumbers(double most, double top) {
        assertThat(Chart.top(most)).isEqualTo(top, within(1e-9));
    }

    private static String plot(ScenarioReport... scenarios) {
        return new Report(new Machine(2, "CPU", 1, "Linux", "VM"), new Versions("1", "2"), SETTINGS, List.of(scenarios))
                .plot();
    }

    private static ScenarioReport scenario(String name, Figures... repetitions) {
        List<Repetition> all = List.of(repetitions).stream()
                .map(figures -> new Repetition(figures, Map.of()))
                .toList();
        return new ScenarioReport(name, "as it is", all, List.of());
    }

    private static Figures drain(double history, double rate) {
        return new Figures().with("commands_per_s", rate).with("history_commands", history);
    }

    private static Figures load(double offered, double p50, double p99) {
        return new Figures().with("offered_per_s", offered).with("p50_ms", p50).with("p99_ms", p99);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
