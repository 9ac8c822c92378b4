package io.tally.store;

/**
 * What the brokers acknowledged of the changelog records of one store in one transaction.
 *
 * @param entries how many journal entries the records have
 * @param first the lowest offset that was told of them, -1 when none was
 * @param last the highest, -1 when none was
 */
public record Acknowledged(int entries, long first, long last) {
    /** Before the first record. */
    public static final Acknowledged NOTHING = new Acknowledged(0, -1, -1);

    /**
     * The same and one more record, in whatever order they come.
     *
     * @param offset the record's; below zero when the brokers did not tell it, as they had the record before and their first
     *     answer was lost
     * @param more how many entries it has
     */
    public Acknowledged and(long offset, int more) {
        if (offset < 0) {
            return new Acknowledged(entries + more, first, last);
        }
        return new Acknowledged(entries + more, first < 0 ? offset : Math.min(first, offset), Math.max(last, offset));
    }
}
