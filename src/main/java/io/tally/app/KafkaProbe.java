package io.tally.app;

import io.tally.app.send.KafkaUnreachableException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka a question before anything is started, so that the answer is one line and not a page of retries. */
final class KafkaProbe implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Admin admin;
    private final String servers;

    private KafkaProbe(Admin admin, String servers) {
        this.admin = admin;
        this.servers = servers;
    }

    /**
     * @throws ConfigException if a client setting is not allowed
     * @throws KafkaUnreachableException if no bootstrap server's name resolves
     */
    static KafkaProbe connect(KafkaConfig config) {
        Map<String, Object> settings = config.connection();
        settings.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        settings.put("request.timeout.ms", (int) TIMEOUT.toMillis() / 2);
        try {
            return new KafkaProbe(Admin.create(settings), config.bootstrapServers());
        } catch (KafkaException e) {
            String cause = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            if (cause != null && cause.contains("resolvable")) {
                throw new KafkaUnreachableException(unreachable(config.bootstrapServers()), e);
            }
            throw new ConfigException("A KAFKA_* variable", "is not accepted: " + cause, "Correct or remove it.");
        }
    }

    /**
     * How many brokers the cluster has now.
     *
     * @throws KafkaUnreachableException if Kafka does not answer within 10 s
     */
    int brokers() {
        return await(admin.describeCluster().nodes()).size();
    }

    /**
     * @throws KafkaUnreachableException if Kafka does not answer within 10 s
     * @throws IllegalStateException if one of the topics does not exist
     */
    void requireTopics(Collection<String> topics) {
        await(admin.describeTopics(topics).allTopicNames());
    }

    private <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new KafkaUnreachableException(unreachable(servers), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnreachableException(unreachable(servers), e);
        }
    }

    private RuntimeException translated(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new KafkaUnreachableException(unreachable(servers), cause);
        }
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new IllegalStateException(
                    "Kafka at " + servers + " has no ledger under this name. Start one with `tally serve`, or set"
                            + " TALLY_TOPIC_PREFIX to the prefix of its topics.",
                    cause);
        }
        return new IllegalStateException("Kafka at " + servers + " refused: " + cause.getMessage(), cause);
    }

    private static String unreachable(String servers) {
        return "Kafka does not answer at " + servers
                + ". Start it (`tally broker`, `tally dev`), or set KAFKA_BOOTSTRAP_SERVERS to where it is.";
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
