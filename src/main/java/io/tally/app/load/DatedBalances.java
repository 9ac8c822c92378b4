package io.tally.app.load;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the only user of a dated workload has at each moment: the sum of what was accepted and is effective by then. */
public final class DatedBalances {
    private final NavigableMap<Long, Long> byMillis = new TreeMap<>();

    /** @param commands from 0 on */
    public DatedBalances(Workload workload, long commands) {
        Model model = new Model(workload);
        for (long command = 0; command < commands; command++) {
            byMillis.merge(
                    workload.effectiveMillis(command), model.decide(command).delta(), Long::sum);
        }
        long sum = 0;
        for (Map.Entry<Long, Long> moment : byMillis.entrySet()) {
            sum += moment.getValue();
            moment.setValue(sum);
        }
    }

    /** In hundredths; below zero when later withdrawals were dated back. */
    public long at(long millis) {
        Map.Entry<Long, Long> moment = byMillis.floorEntry(millis);
        return moment == null ? 0 : moment.getValue();
    }

    /** When the last command takes effect, in milliseconds since 1970. */
    public long lastMillis() {
        return byMillis.lastKey();
    }
}
