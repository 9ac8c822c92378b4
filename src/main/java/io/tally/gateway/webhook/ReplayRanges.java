package io.tally.gateway.webhook;

import io.tally.wire.webhook.Replay.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the ranges of the output that a replay is of. Thread-safe; never waits. */
final class ReplayRanges {
    private final OutputOffsets output;

    ReplayRanges(OutputOffsets output) {
        this.output = output;
    }

    /**
     * The ranges, without empty ones.
     *
     * @return with null when the output has no such place; fails when Kafka does not say
     */
    CompletableFuture<@Nullable List<Range>> of(ReplayRequest request) {
        return output.committedEnds().thenCompose(ends -> {
            if (request instanceof ReplayRequest.OfTimes times) {
                return ofTimes(times, ends);
            }
            if (request instanceof ReplayRequest.OfPartition one) {
                return output.beginnings()
                        .thenApply(
                                beginnings -> ofOne(one.partition(), one.offset(), Long.MAX_VALUE, beginnings, ends));
            }
            ReplayRequest.OfDelivery delivery = (ReplayRequest.OfDelivery) request;
            return output.beginnings()
                    .thenApply(beginnings -> delivery.partition() < ends.size()
                                    && delivery.offset() >= ends.get(delivery.partition())
                            ? null
                            : ofOne(delivery.partition(), delivery.offset(), delivery.offset() + 1, beginnings, ends));
        });
    }

    private static @Nullable List<Range> ofOne(
            int partition, long from, long to, List<Long> beginnings, List<Long> ends) {
        if (partition >= ends.size() || from < beginnings.get(partition) || from > ends.get(partition)) {
            return null;
        }
        return ranges(partition, from, Math.min(to, ends.get(partition)));
    }

    private static List<Range> ranges(int partition, long from, long to) {
        return from < to ? List.of(new Range(partition, from, to)) : List.of();
    }

    private CompletableFuture<@Nullable List<Range>> ofTimes(ReplayRequest.OfTimes times, List<Long> ends) {
        CompletableFuture<List<Long>> last = times.to() == null
                ? CompletableFuture.completedFuture(ends)
                : output.at(Objects.requireNonNull(times.to()));
        return output.at(times.from()).thenCombine(last, (first, behind) -> {
            List<Range> ranges = new ArrayList<>();
            for (int partition = 0; partition < ends.size(); partition++) {
                long end = ends.get(partition);
                ranges.addAll(ranges(partition, place(first.get(partition), end), place(behind.get(partition), end)));
            }
            return ranges;
        });
    }

    /** What came since the end was looked at is not told again. */
    private static long place(long found, long end) {
        return found < 0 ? end : Math.min(found, end);
    }
}
