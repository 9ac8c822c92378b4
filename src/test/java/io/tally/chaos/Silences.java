package io.tally.chaos;

import io.tally.faults.LedgerCluster;
import io.tally.faults.Sighting;
import java.util.Arrays;
import java.util.List;

/** When nobody was told a balance. Times are nanoseconds of this process. */
final class Silences {
    private Silences() {}

    /** The longest time without a balance of some partition that overlaps these times. */
    static long longest(List<Sighting> sightings, long from, long to) {
        long longest = 0;
        for (int partition = 0; partition < LedgerCluster.PARTITIONS; partition++) {
            int wanted = partition;
            long[] answered = sightings.stream()
                    .filter(look -> look.answer().status() == 200 && Auditor.partition(look.user()) == wanted)
                    .mapToLong(Sighting::answeredAt)
                    .sorted()
                    .toArray();
            longest = Math.max(longest, longest(answered, from, to));
        }
        return longest;
    }

    static long longest(long[] sorted, long from, long to) {
        int first = Arrays.binarySearch(sorted, from);
        int i = Math.max(0, (first < 0 ? -first - 1 : first) - 1);
        long longest = 0;
        for (; i + 1 < sorted.length && sorted[i] < to; i++) {
            longest = Math.max(longest, sorted[i + 1] - sorted[i]);
        }
        return longest;
    }
}
