package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/** Tells a topic from one of the same name that was deleted before: offsets of the one mean nothing in the other. */
public final class TopicIdentity {
    private static final int TIMEOUT_MS = 9_000;

    /** A broker that does not answer, whether it takes connections or not, must leave time to ask another one. */
    static final int CONNECT_MS = 1_000;

    /** Kafka's admin client leaves a broker that takes connections and says nothing after one to three of these, by chance. */
    private static final int REQUEST_MS = 1_000;

    /** Longer than the wait before the next attempt, so that a broker that did not answer is not asked again right away. */
    private static final int RECONNECT_MS = 1_000;

    private TopicIdentity() {}

    /**
     * The id that the brokers gave to a topic when it was made.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param partitions how many it must have
     * @throws KafkaException if it is not there or has others, or the brokers do not answer within 9 s or refuse
     */
    public static Uuid of(Map<String, String> kafka, String topic, int partitions) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MS);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MS);
        try (Admin admin = Admin.create(config)) {
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
