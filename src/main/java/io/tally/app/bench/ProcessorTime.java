package io.tally.app.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What processes use of the processors from a moment on. */
final class ProcessorTime {
    private final Map<Watched, Double> before = new HashMap<>();

    /** Begins now. */
    ProcessorTime(List<Watched> processes) {
        processes.forEach(process -> before.put(process, process.cpuSeconds()));
    }

    /** Seconds; NaN when the system does not tell. One that was started meanwhile has used all that it has taken. */
    double usedBy(Watched process) {
        return process.cpuSeconds() - before.getOrDefault(process, 0.0);
    }
}
