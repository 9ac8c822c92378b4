package io.tally.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * What came of all runs of one fault.
 *
 * @param withoutReads the longest time in which nobody was told a balance of some partition
 * @param late how often the first outcome came later than the bound
 */
record FaultFigures(
        String fault,
        int runs,
        int skipped,
        int fired,
        int violations,
        int late,
        Spread seconds,
        Spread withoutWrites,
        Spread withoutReads,
        Spread afterHeal,
        long restored,
        String bound) {
    static List<FaultFigures> of(List<FaultKind> kinds, List<Injection> injections, Map<Injection, Long> withoutReads) {
        Map<FaultKind, List<Injection>> byKind = new EnumMap<>(FaultKind.class);
        kinds.forEach(kind -> byKind.put(kind, new ArrayList<>()));
        injections.forEach(injection -> byKind.get(injection.kind()).add(injection));
        return byKind.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), withoutReads))
                .toList();
    }

    private static FaultFigures of(FaultKind kind, List<Injection> all, Map<Injection, Long> withoutReads) {
        List<Injection> runs =
                all.stream().filter(each -> each.skipped() == null).toList();
        return new FaultFigures(
                kind.label(),
                runs.size(),
                all.size() - runs.size(),
                (int) runs.stream().filter(Injection::fired).count(),
                runs.stream().mapToInt(each -> each.violations().size()).sum(),
                (int) runs.stream().filter(Injection::isLate).count(),
                spread(runs, Injection::took),
                spread(runs, Injection::withoutWrites),
                spread(runs, each -> withoutReads.getOrDefault(each, 0L)),
                spread(runs, Injection::afterHeal),
                runs.stream().mapToLong(Injection::restored).sum(),
                kind.boundText());
    }

    private static Spread spread(List<Injection> runs, ToLongFunction<Injection> time) {
        return Spread.ofNanos(runs.stream().map(time::applyAsLong).toList());
    }

    /** A row of {@link ChaosReport}'s table. */
    String row() {
        return String.join(
                        " | ",
                        "| " + fault,
                        Integer.toString(runs),
                        Integer.toString(fired),
                        Integer.toString(violations),
                        withoutWrites.toString(),
                        withoutReads.toString(),
                        afterHeal.toString(),
                        Long.toString(restored),
                        seconds.toString(),
                        bound)
                + " |";
    }
}
