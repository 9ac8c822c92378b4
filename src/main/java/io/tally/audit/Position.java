package io.tally.audit;

/** Where in a topic a record stands. */
public record Position(int partition, long offset) {
    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
