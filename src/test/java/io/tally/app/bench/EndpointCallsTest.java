package io.tally.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointCallsTest {
    private final HttpServer server;
    private final EndpointCalls endpoints;
    private int status = 200;
    private String body = "";

    EndpointCallsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        endpoints = new EndpointCalls(new HttpTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldSayWhatToSetAtAServiceThatTakesNoSuchEndpoint() {
        // Given
        status = 422;
        body = "{\"detail\":\"Expected an absolute URL that begins with https://\"}";

        // When
        URI url = URI.create("http://127.0.0.1:9/");

        // Then
        assertThatThrownBy(() -> endpoints.create(url))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "http://127.0.0.1:9/",
                        "422",
                        "begins with https://",
                        "TALLY_WEBHOOK_HTTP=true",
                        "TALLY_WEBHOOK_NETWORKS=127.0.0.0/8");
    }

    @Test
    void shouldReadHowManyAttemptsAtOneEndpointFailed() throws IOException {
        // Given
        body = """
                tally_webhook_deliveries_total{endpoint="we_1",result="delivered"} 7.0
                tally_webhook_deliveries_total{endpoint="we_1",result="failed"} 32.0
                tally_webhook_deliveries_total{endpoint="we_2",result="failed"} 5.0
                """;

        // When
        double failed = endpoints.failed("we_1");

        // Then
        assertThat(failed).isEqualTo(32);
    }

    @Test
    void shouldRefuseAnotherAnswer() {
        status = 503;
        assertThatThrownBy(() -> endpoints.change("we_1", EndpointCalls.PAUSED)).hasMessageContaining("503");
        assertThatThrownBy(() -> endpoints.delete("we_1")).hasMessageContaining("503");
        assertThatThrownBy(() -> endpoints.failed("we_1")).hasMessageContaining("503");
    }
}
