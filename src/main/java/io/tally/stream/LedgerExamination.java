package io.tally.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Looks at brokers and topics as a start does, and changes nothing. */
public final class LedgerExamination {
    private final Admin admin;
    private final TopicsCheck topics;

    /** @param wanted what a start would be told */
    public LedgerExamination(Admin admin, LedgerTopics topics, StreamSettings.NewLedger wanted) {
        this.admin = admin;
        this.topics = new TopicsCheck(admin, topics, wanted);
    }

    /**
     * Whether there is any topic of the ledger.
     *
     * @throws StartRefusedException if the brokers do not say
     */
    public boolean exists() {
        return topics.anyExists();
    }

    /**
     * What a start would refuse of the brokers' features and the topics, each with what to do. The ledger's settings, offsets
     * and local state are compared at the start only.
     */
    public List<String> refusals() {
        List<String> refusals = new ArrayList<>();
        try {
            FeaturesCheck.check(admin);
        } catch (StartRefusedException e) {
            refusals.add(e.getMessage());
        }
        refusals.addAll(topics.refusals());
        return refusals;
    }

    /**
     * Topics of the ledger of which a broker that lacks acknowledged records may become leader, by their own settings or by the
     * brokers'. A start does not refuse them.
     *
     * @throws StartRefusedException if the brokers do not say
     */
    public List<String> uncleanlyElecting() {
        return topics.uncleanlyElecting();
    }
}
