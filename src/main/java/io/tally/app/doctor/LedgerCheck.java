package io.tally.app.doctor;

import io.tally.stream.LedgerExamination;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ledger's topics, as far as a start looks at them before it reads them, and who may lead them. */
public final class LedgerCheck {
    private LedgerCheck() {}

    /**
     * What follows from there being none of the topics.
     *
     * @param state where this instance keeps what it derived from the journal
     */
    public static List<Finding> missing(Path state) {
        return List.of(
                Files.exists(state)
                        ? Finding.problem(
                                "ledger",
                                "none of its topics exists, but there is state of it in " + state,
                                "Check KAFKA_BOOTSTRAP_SERVERS and TALLY_TOPIC_PREFIX. If the topics were lost, bring them"
                                        + " back from a backup.")
                        : Finding.ok(
                                "ledger", "none of its topics exists; a start with the right to do so makes them"));
    }

    /** What was found of topics that exist. */
    public static List<Finding> existing(LedgerExamination ledger) {
        List<Finding> findings = new ArrayList<>();
        for (String refusal : ledger.refusals()) {
            findings.add(Finding.problem("ledger", refusal, "Until then a start is refused."));
        }
        List<String> unclean = ledger.uncleanlyElecting();
        if (!unclean.isEmpty()) {
            findings.add(Finding.problem(
                    "ledger",
                    ClusterCheck.UNCLEAN + "=true of " + unclean + ": " + ClusterCheck.UNCLEAN_ELECTION,
                    "Set it to false on these topics."));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    "ledger", "its topics are as they must be; a start also compares settings, offsets and state"));
        }
        return findings;
    }
}
