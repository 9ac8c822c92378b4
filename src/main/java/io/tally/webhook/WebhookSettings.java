package io.tally.webhook;

import io.tally.stream.WebhookTopics;
import java.util.Map;

/**
 * How webhooks are delivered.
 *
 * @param kafka client settings, {@code bootstrap.servers} among them
 * @param applicationId the ledger's name
 * @param instanceId this instance's name in the group; unique among those that run
 * @param output the topic of outcomes
 * @param partitions of the output
 * @param schedule when what failed is tried again
 * @param concurrency deliveries under way to one endpoint at a time, at least 1
 */
public record WebhookSettings(
        Map<String, String> kafka,
        String applicationId,
        String instanceId,
        String output,
        int partitions,
        WebhookTopics topics,
        RetrySchedule schedule,
        int concurrency) {
    public WebhookSettings {
        kafka = Map.copyOf(kafka);
    }

    /** The group whose members share the partitions. */
    String group() {
        return applicationId + "-webhooks";
    }

    String transactionalId() {
        return group() + "-" + instanceId;
    }
}
