package io.tally.dev;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker that had this directory before, as the cluster's metadata have it. If it was killed they call it alive, and
 * leader of everything.
 *
 * <p>It has to be fenced before the next one starts. Otherwise that one takes up the transactions that were being ended,
 * while its partitions lose the leaders of before and have no new ones yet, and Kafka 4.3.1 calls such a transaction ended
 * where it wrote no end: it stays open there for ever (KAFKA-20734, ADR 12).
 */
final class PreviousIncarnation {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PreviousIncarnation() {}

    /**
     * Runs the controller, without a broker, until its metadata have no living broker.
     *
     * @param properties of the controller, with a session that ends at once
     * @throws BrokerStartException if that takes more than 30 s
     */
    static void fence(Properties properties) {
        fence(properties, PATIENCE);
    }

    /** The same with less patience, which tests lose. */
    static void fence(Properties properties, Duration patience) {
        try {
            runUntilFenced(controller(new KafkaConfig(properties)), patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerStartException("The start was interrupted", e);
        } catch (TimeoutException e) {
            throw new BrokerStartException(
                    "The broker that had this directory before is not fenced after " + patience.toSeconds()
                            + " s. Start again.",
                    e);
        } catch (Exception e) {
            throw new BrokerStartException("The embedded broker could not start: " + e.getMessage(), e);
        }
    }

    private static void runUntilFenced(ControllerServer controller, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            controller.startup();
            Fenced fenced = new Fenced();
            controller
                    .sharedServer()
                    .loader()
                    .installPublishers(List.of(fenced))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            fenced.await(patience);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static ControllerServer controller(KafkaConfig config) throws Exception {
        String directory = config.metadataLogDir();
        SharedServer shared = new SharedServer(
                config,
                new MetaPropertiesEnsemble.Loader().addMetadataLogDir(directory).load(),
                Time.SYSTEM,
                new Metrics(),
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        return new ControllerServer(shared, KafkaRaftServer.configSchema(), new BootstrapDirectory(directory).read());
    }

    /** Learns from the metadata that no broker is alive. */
    private static final class Fenced implements MetadataPublisher {
        private final CompletableFuture<Void> fenced = new CompletableFuture<>();

        @Override
        public String name() {
            return "tally-previous-incarnation";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            if (image.cluster().brokers().values().stream().allMatch(BrokerRegistration::fenced)) {
                fenced.complete(null);
            }
        }

        private void await(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
            fenced.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
