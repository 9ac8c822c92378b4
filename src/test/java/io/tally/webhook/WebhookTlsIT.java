package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.wire.webhook.Attempt;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS with certificates that openssl makes, and a pool that asks for names again. */
class WebhookTlsIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String NO_PASSWORD = "";
    private static final TargetGuard LOOPBACK = new TargetGuard(false, List.of(Network.parse("127.0.0.1")));

    @TempDir
    private static Path directory;

    private final ConcurrentLinkedQueue<String> namesInHandshakes = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void makeCertificates() throws Exception {
        openssl("req -x509 -nodes -days 2 -newkey rsa:2048 -subj /CN=ca -keyout ca.key -out ca.crt");
        issue("right", "DNS:right.test", "2");
        issue("other", "DNS:other.test,IP:127.0.0.1", "2");
        openssl("req -x509 -nodes -days 2 -newkey rsa:2048 -subj /CN=right.test -addext subjectAltName=DNS:right.test"
                + " -keyout unknown.key -out unknown.crt");
        pack("unknown");
    }

    private static void issue(String name, String names, String days) throws Exception {
        Files.writeString(directory.resolve(name + ".ext"), "subjectAltName=" + names);
        openssl("req -nodes -newkey rsa:2048 -subj /CN=" + name + ".test -keyout " + name + ".key -out " + name
                + ".csr");
        openssl("x509 -req -in " + name + ".csr -CA ca.crt -CAkey ca.key -CAcreateserial -days " + days + " -extfile "
                + name + ".ext -out " + name + ".crt");
        pack(name);
    }

    private static void pack(String name) throws Exception {
        openssl("pkcs12 -export -passout pass: -inkey " + name + ".key -in " + name + ".crt -out " + name + ".p12");
    }

    private static void openssl(String arguments) throws Exception {
        Process process = new ProcessBuilder(("openssl " + arguments).split(" +"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static KeyStore trusted() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(directory.resolve("ca.crt"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        return store;
    }

    private ServerSocket socket(String certificate, String protocol) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(certificate + ".p12"))) {
            store.load(in, NO_PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setEnabledProtocols(new String[] {protocol});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(0) {
            @Override
            public boolean matches(SNIServerName name) {
                namesInHandshakes.add(((SNIHostName) name).getAsciiName());
                return true;
            }
        }));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private RawServer server(String certificate, String protocol) throws Exception {
        return RawServer.on(socket(certificate, protocol), connection -> {
            while (connection.hears()) {
                connection.say(OK);
            }
        });
    }

    private static WebhookSender sender() throws Exception {
        return new WebhookSender(
                LOOPBACK,
                Duration.ofSeconds(5),
                host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")},
                trusted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void shouldConnectToTheAddressAndVerifyTheName(String protocol) throws Exception {
        try (RawServer server = server("right", protocol);
                WebhookSender sender = sender()) {
            // When
            AttemptResult result = Sending.send(sender, "https://right.test:" + server.port() + "/hook");

            // Then
            assertThat(result.attempt())
                    .extracting(Attempt::error, Attempt::status)
                    .containsExactly(null, 200);
            assertThat(server.heard().take().field("host")).isEqualTo("right.test:" + server.port());
            assertThat(namesInHandshakes).containsOnly("right.test");
        }
    }

    /** The second of them names the address that is connected to; it is the name that counts. */
    @ParameterizedTest
    @CsvSource({
        "right, wrong.test, The certificate is for another name",
        "other, right.test, The certificate is for another name",
        "right, 127.0.0.1, The certificate is for another name",
        "unknown, right.test, The certificate is not trusted"
    })
    void shouldRefuseACertificateForAnotherName(String certificate, String host, String error) throws Exception {
        try (RawServer server = server(certificate, "TLSv1.3");
                WebhookSender sender = sender()) {
            // When
            AttemptResult result = Sending.send(sender, "https://" + host + ":" + server.port() + "/hook");

            // Then
            assertThat(result.attempt())
                    .extracting(Attempt::error, Attempt::status)
                    .containsExactly(error, 0);
            assertThat(server.heard()).isEmpty();
        }
    }

    @Test
    void shouldVerifyAnAddressWhereTheUrlHasOne() throws Exception {
        try (RawServer server = server("other", "TLSv1.3");
                WebhookSender sender = sender()) {
            assertThat(Sending.send(sender, "https://127.0.0.1:" + server.port() + "/")
                            .attempt()
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Without the hook for tests: nobody has told Java of this authority. */
    @Test
    void shouldTrustWhatJavaTrusts() throws Exception {
        try (RawServer server = server("other", "TLSv1.3");
                WebhookSender sender = new WebhookSender(LOOPBACK, Duration.ofSeconds(5))) {
            assertThat(Sending.send(sender, "https://127.0.0.1:" + server.port() + "/")
                            .attempt()
                            .error())
                    .isEqualTo("The certificate is not trusted");
        }
    }

    @Test
    void shouldNotSpeakOldTls() throws Exception {
        try (RawServer server = server("right", "TLSv1.1");
                WebhookSender sender = sender()) {
            assertThat(Sending.send(sender, "https://right.test:" + server.port() + "/")
                            .attempt()
                            .error())
                    .isIn("TLS could not be agreed on", "The connection was closed before there was an answer");
        }
    }

    @Test
    void shouldNotWaitForAHandshakeThatDoesNotCome() throws Exception {
        try (RawServer server = RawServer.on(RawServer.Connection::hang);
                WebhookSender sender = sender()) {
            assertThat(Sending.send(sender, "https://right.test:" + server.port() + "/")
                            .attempt()
                            .error())
                    .isEqualTo("No answer within 5 s");
        }
    }

    @Test
    void shouldNotTakePlainHttpForTls() throws Exception {
        try (RawServer server = RawServer.on(connection -> {
                    connection.awaitAnything();
                    connection.say(OK);
                    connection.hang();
                });
                WebhookSender sender = sender()) {
            assertThat(Sending.send(sender, "https://right.test:" + server.port() + "/")
                            .attempt()
                            .error())
                    .isEqualTo("TLS could not be agreed on");
        }
    }
}
