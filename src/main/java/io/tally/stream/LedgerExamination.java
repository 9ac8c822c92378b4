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

    /** Why a start would be refused, each with what to do; empty when brokers and topics are as they must be. */
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
}
