package io.tally.app.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** The brokers. */
public final class ClusterCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int REPLICATED = 3;
    static final String UNCLEAN = "unclean.leader.election.enable";
    /** What is wrong where it is on. */
    static final String UNCLEAN_ELECTION = "a broker that lacks acknowledged records may become leader";

    private static final String OFFSETS = "offsets.retention.minutes";
    private static final String EXPIRY_LOOKS = "transaction.abort.timed.out.transaction.cleanup.interval.ms";
    /** Kafka's default; docs/adr/0012 has the reason. */
    private static final long SELDOM_ENOUGH_MS = 10_000;

    private static final long WEEK_IN_MINUTES = 7 * 24 * 60;

    private final Admin admin;

    public ClusterCheck(Admin admin) {
        this.admin = admin;
    }

    /** What was found. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try {
            Collection<Node> brokers = await(admin.describeCluster().nodes());
            findings.add(size(brokers.size()));
            findings.addAll(settings(brokers.iterator().next()));
        } catch (ExecutionException | TimeoutException e) {
            findings.add(notTold("brokers", e));
        }
        return findings;
    }

    private static Finding size(int brokers) {
        String text = brokers + (brokers == 1 ? " broker" : " brokers");
        return brokers >= REPLICATED
                ? Finding.ok("brokers", text)
                : Finding.warning(
                        "brokers",
                        text + ": with the loss of one, records are lost or nothing can be committed",
                        "Run three or more for money that matters.");
    }

    private List<Finding> settings(Node broker) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
        try {
            Config config = Objects.requireNonNull(
                    await(admin.describeConfigs(List.of(resource)).all()).get(resource),
                    "Admin answers what it is asked");
            List<Finding> findings = new ArrayList<>();
            // Managed clusters hide some.
            if (config.get(UNCLEAN) != null) {
                findings.add(unclean(config.get(UNCLEAN)));
            }
            if (config.get(OFFSETS) != null) {
                findings.add(offsets(config.get(OFFSETS)));
            }
            if (config.get(EXPIRY_LOOKS) != null) {
                findings.add(expiryLooks(config.get(EXPIRY_LOOKS)));
            }
            return findings;
        } catch (ExecutionException | TimeoutException e) {
            // Who runs a ledger need not have this right.
            return List.of(
                    Finding.ok("broker settings", "not told to this client: unclean leader election must be off"));
        }
    }

    private static Finding unclean(ConfigEntry entry) {
        return "true".equals(entry.value())
                ? Finding.problem(
                        "leader election", UNCLEAN + "=true: " + UNCLEAN_ELECTION, "Set it to false on the brokers.")
                : Finding.ok("leader election", UNCLEAN + "=" + entry.value());
    }

    private static Finding offsets(ConfigEntry entry) {
        String text = OFFSETS + "=" + entry.value();
        return Long.parseLong(entry.value()) > WEEK_IN_MINUTES
                ? Finding.ok("offsets", text)
                : Finding.warning(
                        "offsets",
                        text + ": a ledger that is stopped for longer cannot start, as its offsets are forgotten",
                        "Raise it on the brokers beyond the longest stop.");
    }

    private static Finding expiryLooks(ConfigEntry entry) {
        String text = EXPIRY_LOOKS + "=" + entry.value();
        return Long.parseLong(entry.value()) >= SELDOM_ENOUGH_MS
                ? Finding.ok("transactions", text)
                : Finding.warning(
                        "transactions",
                        text + ": a broker that comes back may leave transactions open for ever",
                        "Set it back to " + SELDOM_ENOUGH_MS + " on the brokers.");
    }

    private static Finding notTold(String subject, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Finding.warning(
                subject,
                "Kafka does not tell: " + cause.getMessage(),
                "Grant this client what docs/OPERATIONS.md lists.");
    }

    static <T> T await(KafkaFuture<T> answer) throws ExecutionException, TimeoutException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException("interrupted");
        }
    }
}
