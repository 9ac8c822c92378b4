package io.tally.rig;

import io.tally.dev.EmbeddedBroker;
import io.tally.dev.EmbeddedBrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * A broker whose users speak TLS, give a name and a password (SASL_SSL with SCRAM-SHA-512), and may do nothing that no ACL
 * allows. There is one, {@code tally}; whoever comes to the other listeners may do everything.
 */
public final class SecuredBroker implements AutoCloseable {
    private static final String LOGIN = ScramLoginModule.class.getName();
    private static final String TALLY = "tally";
    private static final String PASSWORD = "tally-secret";
    private static final int ITERATIONS = 4_096;

    private final EmbeddedBroker broker;
    private final int userPort;
    private final Path certificate;

    private SecuredBroker(EmbeddedBroker broker, int userPort, Path certificate) {
        this.broker = broker;
        this.userPort = userPort;
        this.certificate = certificate;
    }

    public static SecuredBroker start(Path directory) throws Exception {
        Files.createDirectories(directory);
        Path certificate = directory.resolve("certificate.pem");
        Path keyAndCertificate = directory.resolve("key-and-certificate.pem");
        makeCertificate(directory, certificate, keyAndCertificate);
        int adminPort = TallyProcess.freePort();
        int userPort = TallyProcess.freePort();
        int controllerPort = TallyProcess.freePort();
        EmbeddedBroker broker = EmbeddedBroker.start(new EmbeddedBrokerConfig(
                directory.resolve("broker"),
                adminPort,
                controllerPort,
                overrides(adminPort, userPort, controllerPort, keyAndCertificate)));
        SecuredBroker secured = new SecuredBroker(broker, userPort, certificate);
        try (Admin admin = Admin.create(secured.administrator())) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            TALLY, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), PASSWORD)))
                    .all()
                    .get();
        }
        return secured;
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

    private static Map<String, String> overrides(
            int adminPort, int userPort, int controllerPort, Path keyAndCertificate) {
        String admins = "PLAINTEXT://127.0.0.1:" + adminPort;
        String users = "USERS://127.0.0.1:" + userPort;
        return Map.of(
                "listeners",
                admins + "," + users + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                admins + "," + users,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,USERS:SASL_SSL,CONTROLLER:PLAINTEXT",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.users.scram-sha-512.sasl.jaas.config",
                LOGIN + " required;",
                "listener.name.users.ssl.keystore.type",
                "PEM",
                "listener.name.users.ssl.keystore.location",
                keyAndCertificate.toString(),
                "authorizer.class.name",
                StandardAuthorizer.class.getName(),
                "super.users",
                "User:ANONYMOUS");
    }

    /** Where users come in. */
    public String bootstrapServers() {
        return "127.0.0.1:" + userPort;
    }

    /** How a client connects that may do everything. */
    public Map<String, Object> administrator() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    /** The environment of Tally as the user {@code tally}, whom an administrator may allow something. */
    public Map<String, String> environment() {
        return environment(PASSWORD);
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
                LOGIN + " required username=\"" + TALLY + "\" password=\"" + password + "\";",
                "KAFKA_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                certificate.toString());
    }

    @Override
    public void close() {
        broker.close();
    }
}
