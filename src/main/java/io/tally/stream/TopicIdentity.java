package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/** Tells a topic from one of the same name that was deleted before: offsets of the one mean nothing in the other. */
public final class TopicIdentity {
    private static final int TIMEOUT_MS = 5_000;

    private TopicIdentity() {}

    /**
     * The id that the brokers gave to a topic when it was made.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param partitions how many it must have
     * @throws KafkaException if it is not there or has others, or the brokers do not answer within 5 s or refuse
     */
    public static Uuid of(Map<String, String> kafka, String topic, int partitions) {
        try (Admin admin = Admin.create(new HashMap<String, Object>(kafka))) {
            TopicDescription found = admin.describeTopics(
                            List.of(topic), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MS))
                    .allTopicNames()
                    .get()
                    .get(topic);
            if (found == null || found.partitions().size() != partitions) {
                throw new KafkaException(
                        "Expected " + topic + " to have " + partitions + " partitions, but it has not");
            }
            return found.topicId();
        } catch (ExecutionException e) {
            throw new KafkaException("Expected to find " + topic + ", but " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
