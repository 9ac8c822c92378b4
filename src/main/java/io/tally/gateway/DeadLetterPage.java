package io.tally.gateway;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some dead letters, newest first in each partition; across partitions, those come first whose partition has the latest
 * record time to offer.
 *
 * @param items can be fewer than asked for, even none, when there was not the time or the memory for more
 * @param rest below which offsets older letters may stand, by partition; empty when these were the last
 */
public record DeadLetterPage(List<StoredDeadLetter> items, SortedMap<Integer, Long> rest) {
    public DeadLetterPage {
        items = List.copyOf(items);
        rest = Collections.unmodifiableSortedMap(new TreeMap<>(rest));
    }
}
