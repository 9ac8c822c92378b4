package io.tally.stream;

import io.tally.ledger.LedgerSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;

/** What a ledger was made with, as its journal says, for those who only look at it. */
public final class StoredSettings {
    private StoredSettings() {}

    /**
     * Reads the settings.
     *
     * @param kafka client settings
     * @throws StartRefusedException if there is no journal, or it does not begin with the settings
     */
    public static LedgerSettings read(Map<String, String> kafka, LedgerTopics topics) {
        int partitions;
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            partitions = AdminCalls.await(
                            admin.describeTopics(List.of(topics.journal())).allTopicNames(),
                            "which partitions the journal " + topics.journal() + " has")
                    .values()
                    .stream()
                    .mapToInt(journal -> journal.partitions().size())
                    .sum();
        }
        return new Journal(kafka, topics.journal(), partitions)
                .ends().stream()
                        .map(JournalEnds::settings)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow(() -> new StartRefusedException("Topic " + topics.journal()
                                + " does not begin with the ledger's settings: its first records were deleted. Bring the"
                                + " topic back from a backup."));
    }
}
