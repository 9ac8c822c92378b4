package io.tally.peers;

import io.tally.app.bench.Machine;
import io.tally.app.bench.Spread;
import io.tally.app.bench.Versions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rates of all peers, and what share of each Tally's were in the same round. */
final class PeersReport {
    private final PeersSettings settings;
    private final Map<String, List<Measured>> byPeer = new LinkedHashMap<>();

    PeersReport(PeersSettings settings) {
        this.settings = settings;
    }

    /** Takes what a peer came to in the round that is on. */
    void add(String peer, Measured measured) {
        byPeer.computeIfAbsent(peer, name -> new ArrayList<>()).add(measured);
    }

    /** What was wrong with results. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        byPeer.forEach((peer, rounds) ->
                rounds.forEach(round -> round.faults().forEach(fault -> faults.add(peer + ": " + fault))));
        return faults;
    }

    /** The table is that of docs/BENCHMARKS.md. */
    String markdown() {
        StringBuilder text = new StringBuilder(
                "%s%n%s, seed %d%n%n| | commands a second | Tally's of the same round | commands measured |%n|---|---|---|---|%n"
                        .formatted(Machine.here(), Versions.here(), settings.seed()));
        byPeer.forEach((peer, rounds) -> text.append("| %s | %s | %s | %s |%n"
                .formatted(
                        peer,
                        spread(rounds.stream().map(Measured::perSecond).toList(), "%,.0f"),
                        ratio(rounds),
                        spread(
                                rounds.stream()
                                        .map(round -> (double) round.commands())
                                        .toList(),
                                "%,.0f"))));
        faults().stream().limit(20).forEach(fault -> text.append("\nwrong: ").append(fault));
        return text.append('\n').toString();
    }

    private String ratio(List<Measured> rounds) {
        List<Measured> ours = byPeer.getOrDefault(KafkaPeer.TALLY.title(), List.of());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), rounds.size()); i++) {
            ratios.add(ours.get(i).perSecond() / rounds.get(i).perSecond());
        }
        return ratios.isEmpty() ? "" : spread(ratios, "%.2f");
    }

    private static String spread(List<Double> values, String format) {
        Spread spread = Spread.of(values);
        return (format + " (" + format + " to " + format + ")").formatted(spread.median(), spread.min(), spread.max());
    }
}
