package io.tally.store;

/**
 * What the brokers acknowledged of the changelog records of one store in one transaction.
 *
 * @param count how many records
 * @param first the lowest offset that was told of them, -1 when none was
 * @param last the highest, -1 when none was
 */
public record Acknowledged(int count, long first, long last) {
    /** Before the first record. */
    public static final Acknowledged NOTHING = new Acknowledged(0, -1, -1);

    /**
     * The same and one record more, in whatever order they come.
     *
     * @param offset the record's; below zero when the brokers did not tell it, as they had the record before and their first
     *     answer was lost
     */
    public Acknowledged and(long offset) {
        if (offset < 0) {
            return new Acknowledged(count + 1, first, last);
        }
        return new Acknowledged(count + 1, first < 0 ? offset : Math.min(first, offset), Math.max(last, offset));
    }
}
