package io.tally.stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;

/** Refuses brokers without the transaction protocol that keeps a late request out of the next transaction. */
final class FeaturesCheck {
    /** KIP-890: every transaction has an epoch of its own. */
    private static final String FEATURE = "transaction.version";

    private static final short REQUIRED = 2;

    private FeaturesCheck() {}

    /**
     * Looks at the cluster's finalised features.
     *
     * @throws StartRefusedException if transaction.version is below 2
     */
    static void check(Admin admin) {
        FinalizedVersionRange version = AdminCalls.await(
                        admin.describeFeatures().featureMetadata(), "its features")
                .finalizedFeatures()
                .get(FEATURE);
        int level = version == null ? 0 : version.maxVersionLevel();
        if (level < REQUIRED) {
            throw new StartRefusedException("The cluster has " + FEATURE + "=" + level
                    + ", which lets a request that was delayed join a later transaction. Upgrade it:"
                    + " kafka-features.sh --bootstrap-server … upgrade --feature " + FEATURE + "=" + REQUIRED + ".");
        }
    }
}
