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

    /** Reads stretches. */
    interface Letters {
        /**
         * Gives every committed letter of these stretches, each partition's by offset.
         *
         * @return the partitions that were read to the end of their stretch
         */
        Set<Integer> read(Map<Integer, Stretch> stretches, Consumer<StoredLetter> found);
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
        List<StoredLetter> items = new ArrayList<>();
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
            StoredLetter letter = latest.get().take();
            bytes += letter.bytes();
            items.add(letter);
        }
        return items.isEmpty() && !moved ? null : new DeadLetterPage(items, rest());
    }

    private boolean look(List<PartitionTail> blind) {
        Map<Integer, Stretch> stretches = new HashMap<>();
        blind.forEach(tail -> stretches.put(tail.partition(), tail.next()));
        Set<Integer> complete = letters.read(stretches, this::found);
        for (PartitionTail tail : blind) {
            Stretch stretch = stretches.get(tail.partition());
            if (stretch != null && complete.contains(tail.partition())) {
                tail.complete(stretch);
            } else {
                tail.discard();
            }
        }
        return !complete.isEmpty();
    }

    private void found(StoredLetter letter) {
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
