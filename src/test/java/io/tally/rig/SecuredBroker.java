package io.tally.rig;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * A broker that speaks TLS only, asks for a name and a password (SASL_SSL with SCRAM-SHA-512), and allows nothing that no
 * ACL allows. There are two users: {@code admin}, who may do everything, and {@code tally}.
 */
public final class SecuredBroker implements AutoCloseable {
    private static final String NODE = "1";
    private static final String ADMIN = "admin";
    private static final String TALLY = "tally";

    private final KafkaRaftServer server;
    private final int port;
    private final Path certificate;

    private SecuredBroker(KafkaRaftServer server, int port, Path certificate) {
        this.server = server;
        this.port = port;
        this.certificate = certificate;
    }

    public static SecuredBroker start(Path directory) throws Exception {
        Files.createDirectories(directory);
        Path certificate = directory.resolve("certificate.pem");
        Path keyAndCertificate = directory.resolve("key-and-certificate.pem");
        makeCertificate(directory, certificate, keyAndCertificate);
        int port = TallyProcess.freePort();
        Properties properties = properties(directory, port, certificate, keyAndCertificate);
        format(properties);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        return new SecuredBroker(server, port, certificate);
    }

    private static void makeCertificate(Path directory, Path certificate, Path keyAndCertificate) throws Exception {
        Path key = directory.resolve("key.pem");
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-nodes",
                        "-days",
                        "2",
                        "-newkey",
                        "rsa:2048",
                        "-subj",
                        "/CN=broker",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start();
        if (!openssl.waitFor(30, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
            throw new IOException(
                    "Expected openssl to make a certificate: " + Files.readString(directory.resolve("openssl.log")));
        }
        Files.writeString(keyAndCertificate, Files.readString(key) + Files.readString(certificate));
    }

    private static Properties properties(Path directory, int port, Path certificate, Path keyAndCertificate) {
        int controllerPort = TallyProcess.freePort();
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                NODE,
                "log.dirs",
                directory.resolve("log").toString(),
                "listeners",
                "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                "CLIENTS://127.0.0.1:" + port,
                "listener.security.protocol.map",
                "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name",
                "CLIENTS",
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                NODE + "@127.0.0.1:" + controllerPort));
        properties.putAll(Map.of(
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "sasl.mechanism.inter.broker.protocol",
                "SCRAM-SHA-512",
                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                jaas(ADMIN, password(ADMIN)),
                "listener.name.clients.ssl.keystore.type",
                "PEM",
                "listener.name.clients.ssl.keystore.location",
                keyAndCertificate.toString(),
                "listener.name.clients.ssl.truststore.type",
                "PEM",
                "listener.name.clients.ssl.truststore.location",
                certificate.toString(),
                "authorizer.class.name",
                StandardAuthorizer.class.getName(),
                // The controller's own listener is on loopback and asks for no name.
                "super.users",
                "User:" + ADMIN + ";User:ANONYMOUS"));
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "2",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "2",
                "group.initial.rebalance.delay.ms", "0",
                "add.partitions.to.txn.retry.backoff.ms", "1",
                "auto.create.topics.enable", "false",
                "log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)));
        return properties;
    }

    private static void format(Properties properties) throws Exception {
        String log = properties.getProperty("log.dirs");
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(NODE))
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(log))
                .setMetadataLogDirectory(log)
                .setControllerListenerName(properties.getProperty("controller.listener.names"))
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setFeatureLevel(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel())
                .setScramArguments(List.of(scram(ADMIN), scram(TALLY)))
                .run();
    }

    private static String scram(String user) {
        return "SCRAM-SHA-512=[name=" + user + ",password=" + password(user) + "]";
    }

    private static String password(String user) {
        return user + "-secret";
    }

    private static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** How a client connects that may do everything. */
    public Map<String, Object> administrator() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaas(ADMIN, password(ADMIN)),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate.toString());
    }

    /** The environment of Tally as the user {@code tally}, whom an administrator may allow something. */
    public Map<String, String> environment() {
        return environment(password(TALLY));
    }

    /** The same with another password. */
    public Map<String, String> environment(String password) {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers(),
                "KAFKA_SECURITY_PROTOCOL",
                "SASL_SSL",
                "KAFKA_SASL_MECHANISM",
                "SCRAM-SHA-512",
                "KAFKA_SASL_JAAS_CONFIG",
                jaas(TALLY, password),
                "KAFKA_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                certificate.toString());
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
