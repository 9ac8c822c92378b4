package io.tally.chaos;

import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * One broker of a cluster. Instances reach it through a proxy: the broker tells who connects to its second listener that it
 * stands at the proxy's port.
 */
final class Broker implements AutoCloseable {
    /**
     * Where the brokers of a cluster stand.
     *
     * @param voters the controllers, as {@code controller.quorum.voters}
     */
    record Site(Path directory, String clusterId, int brokers, String voters) {}

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Site site;
    private final int node;
    private final int controllerPort;
    private final int port = TallyProcess.freePort();
    private final BrokerProxy proxy = new BrokerProxy(TallyProcess.freePort());
    private TallyProcess process;
    private int starts;

    Broker(Site site, int node, int controllerPort) {
        this.site = site;
        this.node = node;
        this.controllerPort = controllerPort;
        this.process = launch();
    }

    private TallyProcess launch() {
        Path directory = site.directory();
        Path settings = directory.resolve("broker-" + node + ".properties");
        try (Writer file = Files.newBufferedWriter(settings)) {
            properties().store(file, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path log = directory.resolve("broker-" + node + "-" + ++starts + ".log");
        return TallyProcess.startMain(
                BrokerNode.class.getName(),
                TallyProcess.shortLived("-Xmx512m"),
                log,
                Map.of(),
                settings.toString(),
                site.clusterId());
    }

    private Properties properties() {
        String replicas = Integer.toString(site.brokers());
        String inSync = site.brokers() == 1 ? "1" : "2";
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(node),
                "log.dirs",
                site.directory().resolve("broker-" + node).toString(),
                "listeners",
                "DIRECT://127.0.0.1:" + port + ",PROXIED://127.0.0.1:" + proxy.targetPort() + ",CONTROLLER://127.0.0.1:"
                        + controllerPort,
                "advertised.listeners",
                "DIRECT://127.0.0.1:" + port + ",PROXIED://127.0.0.1:" + proxy.port(),
                "inter.broker.listener.name",
                "DIRECT",
                "controller.listener.names",
                "CONTROLLER",
                "listener.security.protocol.map",
                "DIRECT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.quorum.voters",
                site.voters()));
        properties.putAll(Map.of(
                "default.replication.factor", replicas,
                "min.insync.replicas", inSync,
                "offsets.topic.replication.factor", replicas,
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", replicas,
                "transaction.state.log.min.isr", inSync,
                "transaction.state.log.num.partitions", "4"));
        if (site.brokers() > 1) {
            // One that was killed is let in again soon. The embedded broker sees to that by itself.
            properties.putAll(Map.of(
                    "broker.session.timeout.ms", "3000",
                    "broker.heartbeat.interval.ms", "500"));
        }
        // As the embedded broker has them.
        properties.putAll(Map.of(
                "group.initial.rebalance.delay.ms", "0",
                "add.partitions.to.txn.retry.backoff.ms", "1",
                "auto.create.topics.enable", "false",
                "log.retention.ms", "-1",
                "log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)));
        return properties;
    }

    void awaitUp() {
        process.awaitOutput(BrokerNode.UP, PATIENCE);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    String proxiedAddress() {
        return "127.0.0.1:" + proxy.port();
    }

    BrokerProxy proxy() {
        return proxy;
    }

    /** Kills it as {@code kill -9} does, and returns its exit code. */
    int kill() {
        process.kill();
        return process.awaitExit(Duration.ofSeconds(1));
    }

    int terminate() {
        return process.terminate();
    }

    /** Starts it again, and waits until it is up. */
    void restart() {
        process = launch();
        awaitUp();
    }

    @Override
    public void close() {
        process.close();
        proxy.close();
    }
}
