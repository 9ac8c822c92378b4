package io.tally.gateway;

import io.tally.ledger.JournalEntry;
import io.tally.stream.InstanceAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this instance found of a uid, and who must be asked for the rest.
 *
 * @param entries the outcomes in the partitions of this instance, at most two of each
 * @param elsewhere the partitions that other instances answer for
 */
public record UidSearch(List<JournalEntry> entries, Map<InstanceAddress, Set<Integer>> elsewhere) {}
