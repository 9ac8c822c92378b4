package io.tally.stream;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Makes topics as a new ledger does, for programs without one. */
public final class NewTopics {
    private NewTopics() {}

    public static LedgerTopics create(String bootstrapServers, int partitions) {
        LedgerTopics names = LedgerTopics.of("", "none");
        List<NewTopic> topics = names.toCreate(1).stream()
                .map(topic -> topic.toCreate(partitions, (short) 1))
                .toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(topics).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("Expected to make topics", e);
        }
        return names;
    }
}
