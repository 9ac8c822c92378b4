package io.tally.faults;

import io.tally.audit.ReferenceModel;
import io.tally.faults.Attempt.Meaning;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a run came to, for people. */
final class Figures {
    private record Event(String label, int partition, long sentAt, long answeredAt, boolean good) {}

    private final long killedAt;
    private final List<Event> writes;
    private final List<Event> reads;
    private final long older;

    /** @param endedAt what was sent later does not count */
    Figures(long killedAt, long endedAt, List<Attempt> history, List<Sighting> sightings) {
        this.killedAt = killedAt;
        this.writes = history.stream()
                .map(attempt -> new Event(
                        attempt.answer().label(),
                        attempt.write().partition(),
                        attempt.sentAt(),
                        attempt.answeredAt(),
                        attempt.meaning() == Meaning.DECIDED))
                .filter(event -> event.sentAt < endedAt)
                .toList();
        this.reads = sightings.stream()
                .map(sighting -> new Event(
                        sighting.answer().label(),
                        ReferenceModel.partition(sighting.user(), LedgerCluster.PARTITIONS),
                        sighting.sentAt(),
                        sighting.answeredAt(),
                        sighting.answer().status() == 200))
                .filter(event -> event.sentAt < endedAt)
                .toList();
        this.older = sightings.stream().filter(Sighting::isOlder).count();
    }

    @Override
    public String toString() {
        return "writes: " + text(writes) + "\nreads: " + text(reads) + ", older than told " + older;
    }

    private String text(List<Event> events) {
        Map<String, Long> labels = events.stream()
                .map(Event::label)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        Map<Integer, String> silences = events.stream()
                .filter(Event::good)
                .collect(Collectors.groupingBy(
                        Event::partition,
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), this::longestSilence)));
        return labels + ", " + latencies(events) + ", longest silence by partition " + silences;
    }

    private static String latencies(List<Event> events) {
        long[] nanos = events.stream()
                .filter(Event::good)
                .mapToLong(event -> event.answeredAt - event.sentAt)
                .sorted()
                .toArray();
        return nanos.length == 0
                ? "no answers"
                : Stream.of(50, 99, 100)
                        .map(share -> "p" + share + " "
                                + millis(nanos[Math.min(nanos.length - 1, (int) (nanos.length * (long) share / 100))]))
                        .collect(Collectors.joining(" "));
    }

    /** The longest time between two good answers, and when it began, after the kill. */
    private String longestSilence(List<Event> good) {
        long[] times = good.stream().mapToLong(Event::answeredAt).sorted().toArray();
        int longest = 0;
        for (int i = 0; i + 1 < times.length; i++) {
            if (times[i + 1] - times[i] > times[longest + 1] - times[longest]) {
                longest = i;
            }
        }
        return times.length < 2
                ? "none"
                : millis(times[longest + 1] - times[longest]) + " from " + millis(times[longest] - killedAt);
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
}
