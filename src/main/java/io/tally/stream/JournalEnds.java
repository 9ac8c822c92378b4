package io.tally.stream;

import io.tally.ledger.LedgerSettings;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of a journal partition: its first record says what ledger it is, and the last ones who has written here.
 *
 * @param settings the ledger's settings, or null when the first record does not say them or there is none
 * @param topicIds the ids of input, output and dead letters when the ledger was made, null likewise
 * @param decided whether there is an entry
 * @param newestVersion the highest version among its last records of entries; 0 when there are none
 * @param end the offset behind the last record; 0 for a partition that was never written to
 */
record JournalEnds(
        @Nullable LedgerSettings settings, @Nullable String topicIds, boolean decided, int newestVersion, long end) {
    boolean isUntouched() {
        return end == 0;
    }
}
