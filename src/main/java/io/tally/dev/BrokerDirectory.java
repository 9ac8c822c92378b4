package io.tally.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;

/**
 * The broker's directory, locked: {@code lock} and, in {@code log}, what Kafka writes. It is formatted once and never
 * again, since formatting over data would start from zero.
 */
final class BrokerDirectory implements AutoCloseable {
    private static final String META_PROPERTIES = MetaPropertiesEnsemble.META_PROPERTIES_NAME;

    private static final String METADATA = Topic.CLUSTER_METADATA_TOPIC_PARTITION.toString();

    private final Path directory;
    private final DirectoryLock lock;

    private BrokerDirectory(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** Takes the directory for this broker. */
    static BrokerDirectory open(Path directory) {
        Path file = directory.resolve("lock");
        DirectoryLock lock;
        try {
            lock = DirectoryLock.tryAcquire(file);
        } catch (IOException e) {
            throw new BrokerStartException(
                    "The broker's directory %s cannot be written to: %s. Set TALLY_DATA_DIR to another one."
                            .formatted(directory, e),
                    e);
        }
        if (lock == null) {
            throw new BrokerStartException(
                    "The broker's directory %s is in use by %s. Stop that one, or set TALLY_DATA_DIR to another directory."
                            .formatted(directory, DirectoryLock.owner(file)));
        }
        return new BrokerDirectory(directory, lock);
    }

    /** Where Kafka writes. */
    Path log() {
        return directory.resolve("log");
    }

    /**
     * Formats the directory, unless it already is.
     *
     * @return the cluster id, the same for as long as the directory lives
     */
    String format() {
        try {
            String clusterId = existingClusterId();
            return clusterId == null ? formatNew() : clusterId;
        } catch (BrokerStartException e) {
            throw e;
        } catch (Exception e) {
            throw new BrokerStartException(
                    "The broker's directory %s cannot be read or formatted: %s".formatted(directory, e), e);
        }
    }

    /** Whether a broker has run here. */
    boolean wasUsed() {
        return Files.exists(log().resolve(METADATA));
    }

    private @Nullable String existingClusterId() throws IOException {
        if (Files.exists(directory.resolve(META_PROPERTIES))) {
            throw foreign("holds the data of another Kafka broker");
        }
        if (!Files.exists(log().resolve(META_PROPERTIES))) {
            if (holdsTopics()) {
                throw foreign("holds topics but no " + META_PROPERTIES);
            }
            return null;
        }
        MetaPropertiesEnsemble meta = new MetaPropertiesEnsemble.Loader()
                .addMetadataLogDir(log().toString())
                .load();
        if (!meta.errorLogDirs().isEmpty() || meta.clusterId().isEmpty()) {
            throw foreign("has a damaged " + META_PROPERTIES);
        }
        if (!meta.nodeId().equals(OptionalInt.of(BrokerProperties.NODE_ID))) {
            throw foreign("was formatted for node " + meta.nodeId().orElse(-1) + " of another Kafka cluster");
        }
        return meta.clusterId().get();
    }

    private String formatNew() throws Exception {
        Files.createDirectories(log());
        String clusterId = Uuid.randomUuid().toString();
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerProperties.NODE_ID)
                .setClusterId(clusterId)
                .setDirectories(List.of(log().toString()))
                .setMetadataLogDirectory(log().toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                // Version 2 gives every transaction its own epoch: a late record of an aborted one
                // cannot join the next.
                .setFeatureLevel(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel())
                .setIgnoreFormatted(false)
                .run();
        return clusterId;
    }

    /** A format that was interrupted leaves files only; topics and the metadata log are directories. */
    private boolean holdsTopics() throws IOException {
        if (!Files.exists(log())) {
            return false;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(log(), Files::isDirectory)) {
            return children.iterator().hasNext();
        }
    }

    private BrokerStartException foreign(String finding) {
        return new BrokerStartException(
                "The broker's directory %s %s. Set TALLY_DATA_DIR to another directory, or restore it from a backup."
                        .formatted(directory, finding));
    }

    @Override
    public void close() {
        lock.close();
    }
}
