package io.tally.stream;

import java.util.List;

/**
 * An instance of the ledger, as the members of the group have told each other.
 *
 * @param address {@code host:port} at which other instances reach it
 * @param active the input partitions that it decides, ascending
 * @param standby the input partitions of whose state it keeps a copy, ascending
 */
public record LedgerInstance(String address, List<Integer> active, List<Integer> standby) {
    public LedgerInstance {
        active = List.copyOf(active);
        standby = List.copyOf(standby);
    }
}
