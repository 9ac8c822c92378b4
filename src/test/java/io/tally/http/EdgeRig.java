package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Servers with an edge and handlers of their own, and clients that write bytes. */
final class EdgeRig {
    static final ListenAddress ADDRESS = new ListenAddress("127.0.0.1", 0, null, false);
    static final int BIG_ANSWER = 400_000;

    /** How many requests came to a handler. */
    static final AtomicInteger HANDLED = new AtomicInteger();

    private static final Pattern HEAD_END = Pattern.compile("\r\n\r\n");

    private EdgeRig() {}

    static Javalin serve(Edge edge) {
        byte[] big = new byte[BIG_ANSWER];
        return Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.http.prefer405over404 = true;
                    edge.configure(config);
                    config.routes.before(ctx -> ctx.header("Cache-Control", "no-store"));
                    config.routes.before(ctx -> HANDLED.incrementAndGet());
                    config.routes.get("/v1/small", ctx -> ctx.result("ok"));
                    config.routes.get("/v1/big", ctx -> ctx.result(big));
                    config.routes.get("/v1/broken", ctx -> ctx.res().sendError(500, "secret"));
                    config.routes.get("/v1/worse", ctx -> {
                        throw new LinkageError("secret");
                    });
                    for (String path : List.of("/v1/transaction", "/v1/transactions")) {
                        config.routes.post(path, ctx -> ctx.result("" + ctx.bodyAsBytes().length));
                        config.routes.put(path, ctx -> ctx.result("" + ctx.bodyAsBytes().length));
                    }
                    config.routes.exception(HttpResponseException.class, JavalinProblems::write);
                })
                .start();
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + closing();
    }

    static String closing() {
        return "Connection: close\r\n\r\n";
    }

    static void assertProblem(String answer, ProblemCode expected) {
        String[] parts = HEAD_END.split(answer, 2);
        String head = parts[0].toLowerCase(Locale.ROOT);
        JsonNode problem = Api.json(parts[1]);
        assertThat(head)
                .startsWith("http/1.1 " + problem.path("status").asInt())
                .contains("content-type: application/problem+json")
                .contains("cache-control: no-store")
                .doesNotContain("\nserver:")
                .doesNotContain("powered");
        assertThat(parts[1]).doesNotContain("org.eclipse", "io.javalin", "secret");
        assertThat(problem.path("code").asText()).isEqualTo(expected.code());
        assertThat(problem.path("status").asInt()).isEqualTo(expected.status());
    }

    static Socket connect(Javalin server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
