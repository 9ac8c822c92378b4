package io.tally.store;

import java.util.Objects;

/**
 * Which changelog a store was filled from. Offsets mean nothing in another one, so a store of another origin is not used.
 *
 * @param clusterId the Kafka cluster's id
 * @param changelogTopicId the changelog's topic id, which differs when the topic was deleted and made again
 */
public record LedgerOrigin(String clusterId, String changelogTopicId) {
    public LedgerOrigin {
        Objects.requireNonNull(clusterId, "clusterId");
        Objects.requireNonNull(changelogTopicId, "changelogTopicId");
    }

    /** As stores keep it. */
    String describe() {
        return clusterId + "/" + changelogTopicId;
    }
}
