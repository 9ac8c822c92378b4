package io.tally.app.bench;

import java.util.List;

/** What a run came to. */
public record Report(Machine machine, Versions versions, BenchSettings settings, List<ScenarioReport> scenarios) {
    /** Whether any request failed, or the ledger in the end did not serve what it had answered. */
    public boolean failed() {
        return scenarios.stream().anyMatch(ScenarioReport::failed);
    }

    /** For people. */
    public String text() {
        return ReportText.of(this);
    }

    /** For programs. */
    public String json() {
        return ReportJson.of(this);
    }

    /** As SVG: rates against histories, latencies against loads. */
    public String plot() {
        return Plot.of(this);
    }
}
