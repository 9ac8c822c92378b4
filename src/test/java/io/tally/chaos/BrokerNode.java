package io.tally.chaos;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;

/** A Kafka broker in a process of its own: the embedded one if it is alone, or one of three. */
final class BrokerNode {
    static final String UP = "Kafka node is up";

    private static final String VOTERS = "controller.quorum.voters";
    private static final String LOG_DIRECTORY = "log.dirs";

    private BrokerNode() {}

    /** Arguments: a file of broker properties, and the cluster's id. */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(file);
        }
        if (properties.getProperty(VOTERS).contains(",")) {
            runOneOfThree(properties, arguments[1]);
        } else {
            runAlone(properties);
        }
    }

    private static void runAlone(Properties properties) {
        Map<String, String> overrides = properties.stringPropertyNames().stream()
                .filter(name -> !name.equals(LOG_DIRECTORY))
                .collect(Collectors.toMap(Function.identity(), properties::getProperty));
        EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerConfig(
                Path.of(properties.getProperty(LOG_DIRECTORY)),
                port(properties.getProperty("listeners")),
                port(properties.getProperty(VOTERS)),
                overrides));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "shutdown"));
        System.out.println(UP);
        broker.awaitShutdown();
    }

    /** Of the first address in a list of them. */
    private static int port(String addresses) {
        String first = addresses.split(",")[0];
        return Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
    }

    private static void runOneOfThree(Properties properties, String clusterId) throws Exception {
        format(properties, clusterId);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
        server.startup();
        System.out.println(UP);
        server.awaitShutdown();
    }

    private static void format(Properties properties, String clusterId) throws Exception {
        String directory = properties.getProperty(LOG_DIRECTORY);
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setClusterId(clusterId)
                .setDirectories(List.of(directory))
                .setMetadataLogDirectory(directory)
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setFeatureLevel(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel())
                // It is formatted from the second start on.
                .setIgnoreFormatted(true)
                .run();
    }
}
