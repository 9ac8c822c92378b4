package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    /** For all bootstrap servers, which are asked one after the other. */
    private static final int TIMEOUT_MS = 9_000;

    /** For each of them, however many there are. */
    private static final int LEAST_TIMEOUT_MS = 2_000;

    /** A broker that does not answer, whether it takes connections or not, must leave time to ask another one. */
    static final int CONNECT_MS = 1_000;

    /** Of a broker of the cluster that takes connections and says nothing, Kafka's admin client turns away after this. */
    private static final int REQUEST_MS = 1_000;

    /** Longer than the wait before the next attempt, so that a broker that did not answer is not asked again right away. */
    private static final int RECONNECT_MS = 1_000;

    private TopicIdentity() {}

    /**
     * The id that the brokers gave to a topic when it was made.
     *
     * <p>Each bootstrap server is asked by a client of its own: of several, Kafka's admin client begins with any and, where that
     * one takes the connection and says nothing, waits for it as long as it waits at all, unless its clock favours it by a
     * millisecond.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     * @param partitions how many it must have
     * @throws KafkaException if it is not there or has others, or the brokers do not answer within 9 s (with more than four
     *     bootstrap servers, 2 s for each) or refuse
     */
    public static Uuid of(Map<String, String> kafka, String topic, int partitions) {
        String[] servers = kafka.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "")
                .trim()
                .split("\\s*,\\s*");
        int timeoutMs = Math.max(LEAST_TIMEOUT_MS, TIMEOUT_MS / servers.length);
        KafkaException failure = null;
        for (String server : servers) {
            try {
                return of(kafka, server, timeoutMs, topic, partitions);
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        throw Objects.requireNonNull(failure, "There is at least one server, be it the empty text");
    }

    private static Uuid of(Map<String, String> kafka, String server, int timeoutMs, String topic, int partitions) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, server);
        config.put(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MS);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MS);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MS);
        try (Admin admin = Admin.create(config)) {
            TopicDescription found = admin.describeTopics(
                            List.of(topic), new DescribeTopicsOptions().timeoutMs(timeoutMs))
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
