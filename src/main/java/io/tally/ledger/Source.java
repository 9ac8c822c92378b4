package io.tally.ledger;

/**
 * Where in the input topic a command stands.
 *
 * @param partition the partition, from 0
 * @param offset the offset in that partition, from 0
 */
public record Source(int partition, long offset) {
    public Source {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "Expected a partition and an offset from 0, but got " + partition + " and " + offset);
        }
    }
}
