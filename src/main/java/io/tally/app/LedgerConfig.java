package io.tally.app;

import io.tally.stream.LedgerTopics;
import io.tally.stream.StreamSettings;
import org.jspecify.annotations.Nullable;

/**
 * The ledger and its topics.
 *
 * @param currency the currency of commands that name none, three capital letters
 * @param registrationRequired whether users must be opened first
 * @param topicPrefix before every topic's name, possibly empty
 * @param partitions of new topics, 1 to 1024; null takes the existing topics' count, and 4 in a new ledger
 * @param replication of new topics, 1 to 9; null lets {@link #replication(int)} decide
 * @param minInSync replicas that must have a record, 1 to 9; null lets {@link #minInSync(int)} decide
 */
public record LedgerConfig(
        String currency,
        boolean registrationRequired,
        String topicPrefix,
        @Nullable Integer partitions,
        @Nullable Integer replication,
        @Nullable Integer minInSync) {

    private static final int NEW_REPLICATION = 3;

    /** @throws ConfigException if no set of replicas could satisfy {@code minInSync} */
    public LedgerConfig {
        if (replication != null && minInSync != null && minInSync > replication) {
            throw new ConfigException(
                    Setting.TALLY_MIN_ISR.key(),
                    "is " + minInSync + ", more than the " + replication + " replicas of TALLY_REPLICATION",
                    "Set it to at most " + Math.max(1, replication - 1) + ".");
        }
    }

    static LedgerConfig of(SettingValues values) {
        return new LedgerConfig(
                values.text(Setting.TALLY_CURRENCY),
                values.flag(Setting.TALLY_REQUIRE_REGISTRATION),
                values.text(Setting.TALLY_TOPIC_PREFIX),
                values.numberOrNull(Setting.TALLY_PARTITIONS),
                values.numberOrNull(Setting.TALLY_REPLICATION),
                values.numberOrNull(Setting.TALLY_MIN_ISR));
    }

    /** The replicas of a new topic on a cluster of so many brokers. */
    public int replication(int brokers) {
        return replication != null ? replication : brokers == 1 ? 1 : NEW_REPLICATION;
    }

    /** How many of so many replicas must have a record before it counts: one may be away. */
    public int minInSync(int replicas) {
        return minInSync != null ? minInSync : Math.max(1, replicas - 1);
    }

    /** What a new ledger is made with on a cluster of so many brokers. */
    StreamSettings.NewLedger newLedger(int brokers) {
        int replicas = replication(brokers);
        return new StreamSettings.NewLedger(
                partitions, (short) replicas, minInSync(replicas), currency, registrationRequired);
    }

    /** The names of the topics of the ledger with this application id. */
    LedgerTopics topics(String applicationId) {
        return LedgerTopics.of(topicPrefix, applicationId);
    }
}
