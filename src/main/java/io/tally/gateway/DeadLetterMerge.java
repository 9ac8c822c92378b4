package io.tally.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings one page out of several partitions, reading no more of them than it must. For one thread. */
final class DeadLetterMerge {
    /** The most that a page's letters take in memory, but for the last one. */
    static final int MAX_PAGE_BYTES = 4 << 20;

    /** The most that is read ahead of the page, but for one letter of each partition. */
    static final int MAX_AHEAD_BYTES = 4 << 20;

    /** Reads ranges of offsets. */
    interface Letters {
        /**
         * Gives every committed letter of these ranges, each partition's by offset.
         *
         * @return the partitions that were read to the end of their range
         */
        Set<Integer> read(Map<Integer, OffsetRange> ranges, Consumer<StoredDeadLetter> found);
    }

    private final Map<Integer, PartitionTail> tails = new TreeMap<>();
    private final Letters letters;
    private final BooleanSupplier timeLeft;

    DeadLetterMerge(List<PartitionTail> tails, Letters letters, BooleanSupplier timeLeft) {
        tails.forEach(tail -> this.tails.put(tail.partition(), tail));
        this.letters = letters;
        this.timeLeft = timeLeft;
    }

    /** A page, or null when there was no time to get anywhere. */
    @Nullable
    DeadLetterPage page(int limit) {
        List<StoredDeadLetter> items = new ArrayList<>();
        int bytes = 0;
        boolean moved = false;
        while (items.size() < limit && bytes < MAX_PAGE_BYTES) {
            List<PartitionTail> blind =
                    tails.values().stream().filter(PartitionTail::isBlind).toList();
            if (!blind.isEmpty()) {
                // What comes next in these can be newer than what is known of the others.
                if (!timeLeft.getAsBoolean()) {
                    break;
                }
                moved |= look(blind);
                continue;
            }
            Optional<PartitionTail> latest = tails.values().stream()
                    .filter(tail -> !tail.isDone())
                    .max(Comparator.comparingLong(tail -> tail.head().recordedAt()));
            if (latest.isEmpty()) {
                return new DeadLetterPage(items, new TreeMap<>());
            }
            StoredDeadLetter letter = latest.get().take();
            bytes += letter.bytes();
            items.add(letter);
        }
        return items.isEmpty() && !moved ? null : new DeadLetterPage(items, rest());
    }

    private boolean look(List<PartitionTail> blind) {
        Map<Integer, OffsetRange> ranges = new HashMap<>();
        blind.forEach(tail -> ranges.put(tail.partition(), tail.next()));
        Set<Integer> complete = letters.read(ranges, this::found);
        for (PartitionTail tail : blind) {
            OffsetRange range = ranges.get(tail.partition());
            if (range != null && complete.contains(tail.partition())) {
                tail.complete(range);
            } else {
                tail.discard();
            }
        }
        return !complete.isEmpty();
    }

    private void found(StoredDeadLetter letter) {
        PartitionTail tail = tails.get(letter.partition());
        if (tail == null) {
            throw new IllegalStateException(
                    "Expected letters of the partitions asked for, but got " + letter.partition());
        }
        tail.found(letter);
        while (tails.values().stream().mapToLong(PartitionTail::bytes).sum() > MAX_AHEAD_BYTES) {
            Optional<PartitionTail> largest = tails.values().stream()
                    .filter(candidate -> candidate.count() > 1)
                    .max(Comparator.comparingInt(PartitionTail::bytes));
            if (largest.isEmpty()) {
                return;
            }
            largest.get().dropOldest();
        }
    }

    private SortedMap<Integer, Long> rest() {
        SortedMap<Integer, Long> rest = new TreeMap<>();
        tails.values().stream()
                .filter(tail -> !tail.isDone())
                .forEach(tail -> rest.put(tail.partition(), tail.position()));
        return rest;
    }
}
