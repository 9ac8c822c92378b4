package io.tally.gateway;

import java.util.List;

/**
 * What a reader of the feed gets next.
 *
 * @param state what it is to do
 * @param events in order; none unless the state is {@link State#NEXT}
 * @param position the reader's position behind them, to come back with
 */
public record FeedBatch(State state, List<Item> events, String position) {
    /** What became of the reader. */
    public enum State {
        /** It goes on; without events it has read everything. */
        NEXT,
        /** Outcomes may be missing before the position: what was built on them must be read again. Given once. */
        RESET,
        /** It was too slow, and outcomes that it has not read are gone. It gets nothing more. */
        BEHIND
    }

    /**
     * An event with the position behind it.
     *
     * @param outcome what happened
     * @param position to come back with when this one was dealt with
     */
    public record Item(OutcomeEvent outcome, String position) {}
}
