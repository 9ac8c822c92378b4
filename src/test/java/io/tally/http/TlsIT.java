package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS with certificates that openssl makes. */
class TlsIT {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeCertificates() throws Exception {
        make("rsa", "rsa:2048", "");
        make("ec", "ec", "-pkeyopt ec_paramgen_curve:prime256v1");
        openssl("rsa -in rsa.key -traditional -out pkcs1.key");
        openssl("ec -in ec.key -out sec1.key");
        openssl("pkcs8 -topk8 -in rsa.key -passout pass:secret -out encrypted.key");
        Files.writeString(directory.resolve("none.key"), "nothing");
    }

    private static void make(String name, String algorithm, String more) throws Exception {
        openssl("req -x509 -nodes -days 2 -subj /CN=" + name + " -newkey " + algorithm + " " + more + " -keyout " + name
                + ".key -out " + name + ".crt");
    }

    private static void openssl(String arguments) throws Exception {
        Process process = new ProcessBuilder(("openssl " + arguments).trim().split(" +"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static Tls load(String certificate, String key) {
        return Tls.load(directory.resolve(certificate), directory.resolve(key));
    }

    private static Javalin serve(Tls tls) {
        Patience patience = Patience.STANDARD;
        return Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    new Edge(new ListenAddress("127.0.0.1", 0, null, false, tls), patience).configure(config);
                    config.routes.get("/v1/small", ctx -> ctx.result("ok " + ctx.scheme()));
                })
                .start();
    }

    /** Connects as one who trusts these certificates only. */
    private static SSLSocket connect(int port, String protocol, String... trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (String name : trusted) {
            try (var in = Files.newInputStream(directory.resolve(name))) {
                store.setCertificateEntry(
                        name, CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec"})
    void shouldSpeakHttps(String name) throws Exception {
        // Given
        Javalin server = serve(load(name + ".crt", name + ".key"));
        try {
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                // When
                try (SSLSocket socket = connect(server.port(), protocol, name + ".crt")) {
                    socket.getOutputStream()
                            .write("GET /v1/small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

                    // Then
                    assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 200")
                            .endsWith("ok https");
                }
            }
            assertThatThrownBy(() -> connect(server.port(), "TLSv1.1", name + ".crt"))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> connect(server.port(), "TLSv1.3", name.equals("ec") ? "rsa.crt" : "ec.crt"))
                    .isInstanceOf(SSLException.class);
        } finally {
            server.stop();
        }
    }

    @Test
    void shouldTakeARenewedCertificate() throws Exception {
        // Given
        Path certificate = Files.copy(directory.resolve("rsa.crt"), directory.resolve("live.crt"));
        Path key = Files.copy(directory.resolve("rsa.key"), directory.resolve("live.key"));
        Javalin server = serve(Tls.load(certificate, key));
        try (SSLSocket old = connect(server.port(), "TLSv1.3", "rsa.crt", "ec.crt")) {
            assertThat(subject(old)).isEqualTo("CN=rsa");

            // When: the certificate alone, which does not fit, and later its key.
            Files.copy(directory.resolve("ec.crt"), certificate, StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await().pollDelay(Duration.ofMillis(3_000)).until(() -> true);
            try (SSLSocket between = connect(server.port(), "TLSv1.3", "rsa.crt", "ec.crt")) {
                assertThat(subject(between)).isEqualTo("CN=rsa");
            }
            Files.copy(directory.resolve("ec.key"), key, StandardCopyOption.REPLACE_EXISTING);

            // Then
            Awaitility.await().until(() -> {
                try (SSLSocket renewed = connect(server.port(), "TLSv1.3", "rsa.crt", "ec.crt")) {
                    return subject(renewed).equals("CN=ec");
                }
            });
            old.getOutputStream()
                    .write("GET /v1/small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(old.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
        } finally {
            server.stop();
        }
    }

    @Test
    void shouldTakeARenewedCertificateThatCouldNotBeReadAtFirst() throws Exception {
        // Given: what cannot be used, and the right certificate of the same key, both written at the same time.
        Path certificate = Files.copy(directory.resolve("rsa.crt"), directory.resolve("again.crt"));
        openssl("req -x509 -key rsa.key -days 2 -subj /CN=again -out renewed.crt");
        Tls tls = Tls.load(certificate, directory.resolve("rsa.key"));
        FileTime renewed = FileTime.from(Instant.now().plusSeconds(1));
        Javalin server = serve(tls);
        try (LoggedErrors errors = new LoggedErrors(Tls.class)) {
            put("none.key", renewed, certificate);
            Awaitility.await().until(() -> !errors.lines().isEmpty());
            tls.reloadChanged();
            tls.reloadChanged();
            assertThat(errors.lines()).singleElement().asString().contains("certificates in PEM form");

            // When
            put("renewed.crt", renewed, certificate);

            // Then
            Awaitility.await().until(() -> {
                try (SSLSocket socket = connect(server.port(), "TLSv1.3", "rsa.crt", "renewed.crt")) {
                    return subject(socket).equals("CN=again");
                }
            });
            put("none.key", FileTime.from(renewed.toInstant().plusSeconds(1)), certificate);
            Awaitility.await().until(() -> errors.lines().size() == 2);
        } finally {
            server.stop();
        }
    }

    /** Puts a copy in a file's place at once, so that nobody sees it with another time. */
    private static void put(String name, FileTime modified, Path place) throws IOException {
        Path copy = Files.copy(directory.resolve(name), directory.resolve("put"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(Files.setLastModifiedTime(copy, modified), place, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void shouldTrustOtherInstancesByItsOwnCertificate() throws Exception {
        // Given: one that is good for this address, and one for no address at all.
        make("here", "rsa:2048", "-addext subjectAltName=IP:127.0.0.1");
        Tls here = load("here.crt", "here.key");
        Tls nowhere = load("rsa.crt", "rsa.key");
        Javalin good = serve(here);
        Javalin nameless = serve(nowhere);
        try {
            // Then
            assertThat(status(here, good.port())).isEqualTo(200);
            assertThatThrownBy(() -> status(nowhere, good.port())).isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> status(nowhere, nameless.port())).isInstanceOf(SSLException.class);
        } finally {
            good.stop();
            nameless.stop();
        }
    }

    private static int status(Tls own, int port) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(own.clientContext())
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/small"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pkcs1.key", "sec1.key", "encrypted.key", "none.key"})
    void shouldSayHowToConvertAKey(String key) {
        assertThatThrownBy(() -> load("rsa.crt", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void shouldRefuseFilesThatDoNotFit() {
        assertThatThrownBy(() -> load("rsa.crt", "ec.key")).hasMessageContaining("another one's");
        assertThatThrownBy(() -> load("rsa.key", "rsa.key")).hasMessageContaining("certificates in PEM form");
        assertThatThrownBy(() -> load("nowhere", "rsa.key")).hasMessageContaining("nowhere");
    }
}
