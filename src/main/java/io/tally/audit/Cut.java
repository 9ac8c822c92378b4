package io.tally.audit;

import java.util.Map;

/**
 * How far the ledger had committed its input, as the next offset by partition; a partition that is not named counts as 0.
 *
 * @param before when reading began: below it everything must be there
 * @param after when reading had ended: at or above it nothing may be there. The same as before when the ledger rests
 */
record Cut(Map<Integer, Long> before, Map<Integer, Long> after) {
    static Cut at(Map<Integer, Long> offsets) {
        return new Cut(offsets, offsets);
    }

    boolean covers(Position position) {
        return position.offset() < before.getOrDefault(position.partition(), 0L);
    }

    boolean mayCover(Position position) {
        return position.offset() < after.getOrDefault(position.partition(), 0L);
    }
}
