package io.tally.gateway;

import io.tally.stream.InstanceStatus;
import io.tally.stream.LedgerInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as this instance sees it.
 *
 * @param address {@code host:port} of this instance, or null when it has none
 * @param status how this instance is
 * @param instances all that are known
 * @param partitions of the input, ascending
 */
public record Cluster(
        @Nullable String address, InstanceStatus status, List<LedgerInstance> instances, List<Partition> partitions) {

    public Cluster {
        instances = List.copyOf(instances);
        partitions = List.copyOf(partitions);
    }

    /**
     * How far a partition of the input is decided.
     *
     * @param number from 0
     * @param owner the address of the instance that decides it, or null when none is known
     * @param committed the group's committed offset, of the next record to decide, or null when there is none
     * @param end the offset behind the last record; transaction markers count as records
     * @param served up to which committed offset this instance answers, exclusive, or null when it does not
     */
    public record Partition(
            int number,
            @Nullable String owner,
            @Nullable Long committed,
            long end,
            @Nullable Long served) {
        /** How many records are not decided yet, or null when that is not known. */
        public @Nullable Long lag() {
            return committed == null ? null : Math.max(0, end - committed);
        }
    }
}
