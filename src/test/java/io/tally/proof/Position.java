package io.tally.proof;

/** Where in the input topic a record stands. */
public record Position(int partition, long offset) {
    @Override
    public String toString() {
        return partition + ":" + offset;
    }
}
