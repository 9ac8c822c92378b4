package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Ranges of the output that an endpoint is told again, beside what is new.
 *
 * @param id unique for ever
 * @param requestedAt milliseconds since 1970 UTC
 * @param ranges what is left: one is taken out when everything in it was delivered or is a dead delivery
 */
public record Replay(
        @JsonProperty String id,
        @JsonProperty("requested_at") long requestedAt,
        @JsonProperty List<Range> ranges) {
    @JsonCreator
    public Replay {
        ranges = List.copyOf(ranges);
    }

    /**
     * A range of one partition.
     *
     * @param partition of the output; at most one range of a replay has it
     * @param from the first offset
     * @param to the offset after the last; more than {@code from}
     */
    public record Range(
            @JsonProperty int partition,
            @JsonProperty long from,
            @JsonProperty long to) {
        @JsonCreator
        public Range {
            if (partition < 0 || from < 0 || to <= from) {
                throw new IllegalArgumentException(
                        "Expected a range, but got " + from + " to " + to + " of partition " + partition);
            }
        }
    }
}
