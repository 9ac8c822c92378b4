package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.DeadLetterNote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DeadLetterMergeTest {
    private static final DeadLetterNote NOTE = new DeadLetterNote("malformed_json", "x", null, List.of());

    /** Logs in memory: letters by partition and offset; what is missing was a marker or aborted. */
    private static final class Logs implements DeadLetterMerge.Letters {
        private final SortedMap<Integer, TreeMap<Long, StoredDeadLetter>> letters = new TreeMap<>();
        private final SortedMap<Integer, Long> ends = new TreeMap<>();
        private final Set<Integer> silent = new HashSet<>();
        private int reads;
        private int readsLeft = Integer.MAX_VALUE;

        void gap(int partition, long offsets) {
            letters.computeIfAbsent(partition, ignored -> new TreeMap<>());
            ends.merge(partition, offsets, Long::sum);
        }

        void letter(int partition, long time, int size) {
            gap(partition, 0);
            long offset = ends.get(partition);
            letters.get(partition)
                    .put(offset, new StoredDeadLetter(partition, offset, time, NOTE, null, new byte[size]));
            ends.put(partition, offset + 1);
        }

        @Override
        public Set<Integer> read(Map<Integer, OffsetRange> ranges, Consumer<StoredDeadLetter> found) {
            reads++;
            readsLeft--;
            Set<Integer> complete = new HashSet<>(ranges.keySet());
            complete.removeAll(silent);
            ranges.forEach((partition, range) -> {
                List<StoredDeadLetter> all = List.copyOf(
                        letters.get(partition).subMap(range.from(), range.to()).values());
                // A read that does not get to the end has seen some.
                all.subList(0, silent.contains(partition) ? all.size() / 2 : all.size())
                        .forEach(found);
            });
            return complete;
        }

        DeadLetterPage page(Map<Integer, Long> before, int limit) {
            List<PartitionTail> tails = new ArrayList<>();
            before.forEach((partition, end) -> tails.add(new PartitionTail(partition, 0, end)));
            return new DeadLetterMerge(tails, this, () -> readsLeft > 0).page(limit);
        }

        List<StoredDeadLetter> all() {
            return letters.values().stream()
                    .flatMap(partition -> partition.values().stream())
                    .toList();
        }

        /** Everything, page by page. */
        List<StoredDeadLetter> paged(int limit) {
            List<StoredDeadLetter> items = new ArrayList<>();
            Map<Integer, Long> before = ends;
            for (int pages = 0; !before.isEmpty(); pages++) {
                assertThat(pages).as("pages come to an end").isLessThan(10_000);
                DeadLetterPage page = page(before, limit);
                assertThat(page).isNotNull();
                assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
                items.addAll(page.items());
                before = page.rest();
            }
            return items;
        }
    }

    private static final Comparator<StoredDeadLetter> NEWEST_FIRST =
            Comparator.comparingLong(StoredDeadLetter::recordedAt).reversed();

    @Test
    void shouldBringEachLetterOnceNewestFirst() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("Merge seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            // Given
            Logs logs = new Logs();
            int partitions = random.nextInt(1, 6);
            int letters = random.nextInt(0, 400);
            int maxSize = random.nextBoolean() ? 10 : 66_000;
            for (int time = 0; time < letters; time++) {
                int partition = random.nextInt(partitions);
                logs.letter(partition, time, random.nextInt(maxSize));
                logs.gap(partition, random.nextInt(20) == 0 ? random.nextInt(3000) : random.nextInt(3));
            }

            // When
            List<StoredDeadLetter> paged = logs.paged(random.nextInt(1, 501));

            // Then
            assertThat(paged)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(logs.all().stream().sorted(NEWEST_FIRST).toList());
        }
    }

    @Test
    void shouldKeepEachPartitionsOrderWhenTimesDoNot() {
        // Given
        Logs logs = new Logs();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300; i++) {
            logs.letter(i % 3, random.nextInt(100), 10);
        }

        // When
        List<StoredDeadLetter> paged = logs.paged(11);

        // Then
        assertThat(paged).containsExactlyInAnyOrderElementsOf(logs.all());
        for (int partition = 0; partition < 3; partition++) {
            int number = partition;
            assertThat(paged.stream().filter(letter -> letter.partition() == number))
                    .isSortedAccordingTo(
                            Comparator.comparingLong(StoredDeadLetter::offset).reversed());
        }
    }

    @Test
    void shouldBoundAPageInBytes() {
        // Given
        Logs logs = new Logs();
        for (int i = 0; i < 400; i++) {
            logs.letter(i % 4, i, 64 * 1024);
        }

        // When
        DeadLetterPage page = logs.page(logs.ends, 500);

        // Then
        int bytes = page.items().stream().mapToInt(StoredDeadLetter::bytes).sum();
        assertThat(bytes).isBetween(DeadLetterMerge.MAX_PAGE_BYTES, DeadLetterMerge.MAX_PAGE_BYTES + 67_000);
        assertThat(logs.paged(500))
                .isEqualTo(logs.all().stream().sorted(NEWEST_FIRST).toList());
    }

    @Test
    void shouldBoundWhatIsReadAhead() {
        // Given
        PartitionTail newest = new PartitionTail(0, 0, 64);
        PartitionTail other = new PartitionTail(1, 0, 64);
        Logs logs = new Logs();
        for (int i = 0; i < 64; i++) {
            logs.letter(0, i, 64 * 1024);
            logs.letter(1, i, 64 * 1024);
        }

        // When
        new DeadLetterMerge(List.of(newest, other), logs, () -> true).page(1);

        // Then
        assertThat(newest.bytes() + other.bytes()).isLessThanOrEqualTo(DeadLetterMerge.MAX_AHEAD_BYTES);
        assertThat(newest.count()).isGreaterThan(20);
        assertThat(other.count()).isGreaterThan(20);
    }

    @Test
    void shouldNotPassAPartitionThatDoesNotAnswer() {
        // Given
        Logs logs = new Logs();
        for (int i = 0; i < 50; i++) {
            logs.letter(i % 2, i, 10);
        }
        logs.silent.add(1);
        logs.readsLeft = 3;

        // When
        DeadLetterPage page = logs.page(logs.ends, 10);

        // Then
        assertThat(page.items()).isEmpty();
        logs.silent.clear();
        logs.readsLeft = Integer.MAX_VALUE;
        List<StoredDeadLetter> rest = new ArrayList<>();
        for (Map<Integer, Long> before = page.rest(); !before.isEmpty(); ) {
            DeadLetterPage next = logs.page(before, 7);
            rest.addAll(next.items());
            before = next.rest();
        }
        assertThat(rest).isEqualTo(logs.all().stream().sorted(NEWEST_FIRST).toList());
    }

    @Test
    void shouldSayNothingWhenThereWasNoTime() {
        // Given
        Logs logs = new Logs();
        logs.letter(0, 1, 1);
        logs.readsLeft = 0;

        // Then
        assertThat(logs.page(logs.ends, 10)).isNull();
        assertThat(logs.page(new TreeMap<>(Map.of(0, 0L)), 10).rest()).isEmpty();
    }

    @Test
    void shouldCrossALongGapInFewReads() {
        // Given
        Logs logs = new Logs();
        logs.letter(0, 1, 1);
        logs.gap(0, 100_000);

        // When
        DeadLetterPage page = logs.page(logs.ends, 10);

        // Then
        assertThat(page.items()).hasSize(1);
        assertThat(page.rest()).isEmpty();
        assertThat(logs.reads).isLessThan(25);
    }
}
