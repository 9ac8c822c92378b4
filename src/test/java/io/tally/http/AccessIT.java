package io.tally.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import io.javalin.http.Handler;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call which route, with a web server of its own and routes that only say yes. */
class AccessIT {
    @TempDir
    private static Path directory;

    private static Javalin server;
    private static Api api;

    @BeforeAll
    static void start() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (String scopes : List.of("read", "write", "admin", "read,write", "read,write,admin")) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(scopes.getBytes(StandardCharsets.UTF_8));
            lines.append(HexFormat.of().formatHex(hash))
                    .append(' ')
                    .append(scopes)
                    .append('\n');
        }
        Access access = new Access(ApiTokens.load(Files.writeString(directory.resolve("tokens"), lines)), false);
        Handler yes = ctx -> ctx.result("yes");
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.host = "127.0.0.1";
                    config.jetty.port = 0;
                    config.http.prefer405over404 = true;
                    config.routes.before("/v1/*", access::authenticate);
                    config.routes.beforeMatched("/v1/*", access::authorize);
                    config.routes.exception(
                            RequestRefusedException.class, (e, ctx) -> Answers.problem(ctx, e.problem()));
                    config.routes.get("/v1/plain", yes);
                    config.routes.post("/v1/plain", yes);
                    config.routes.get("/v1/plain/{id}", yes);
                    config.routes.get("/v1/admin", yes, Scope.ADMIN);
                    config.routes.put("/v1/admin", yes, Scope.ADMIN);
                    config.routes.get("/v1/admin/{id}", yes, Scope.ADMIN);
                    config.routes.get("/v1/both", yes, Scope.READ, Scope.ADMIN);
                    config.routes.get("/open", yes);
                })
                .start();
        api = new Api(server.port());
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    /** A token's text is its scopes. */
    private static int status(String method, String path, String token) {
        return api.send(method, path, method.equals("GET") ? null : "{}", "Authorization", "Bearer " + token)
                .statusCode();
    }

    @Test
    void shouldAskForTheScopeOfTheMethodWhereTheRouteNamesNone() {
        assertThat(status("GET", "/v1/plain", "read")).isEqualTo(200);
        assertThat(status("GET", "/v1/plain/7", "read,write")).isEqualTo(200);
        assertThat(status("GET", "/v1/plain", "write")).isEqualTo(403);
        assertThat(status("GET", "/v1/plain", "admin")).isEqualTo(403);
        assertThat(status("POST", "/v1/plain", "write")).isEqualTo(200);
        assertThat(status("POST", "/v1/plain", "read")).isEqualTo(403);
        assertThat(status("POST", "/v1/plain", "admin")).isEqualTo(403);
    }

    @Test
    void shouldAskForTheScopesThatTheRouteNames() {
        for (String path : List.of("/v1/admin", "/v1/admin/7")) {
            assertThat(status("GET", path, "admin")).as(path).isEqualTo(200);
            assertThat(status("GET", path, "read,write,admin")).as(path).isEqualTo(200);
            assertThat(status("GET", path, "read,write")).as(path).isEqualTo(403);
            assertThat(status("GET", path, "wrong")).as(path).isEqualTo(401);
        }
        assertThat(status("PUT", "/v1/admin", "admin")).isEqualTo(200);
        assertThat(status("PUT", "/v1/admin", "read,write")).isEqualTo(403);
        assertThat(status("GET", "/v1/both", "admin")).isEqualTo(403);
        assertThat(status("GET", "/v1/both", "read,write,admin")).isEqualTo(200);
    }

    @Test
    void shouldNotBeLedAroundByOtherSpellings() {
        for (String path : List.of(
                "/v1/admin/",
                "/v1//admin",
                "//v1/admin",
                "/v1/%61dmin",
                "/%761/admin",
                "/V1/admin",
                "/v1/./admin",
                "/v1/x/../admin",
                "/v1;x/admin",
                "/v1/admin;x",
                "/open/../v1/admin")) {
            String answer = api.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer read,write\r\n\r\n");
            assertThat(answer).as(path).doesNotStartWith("HTTP/1.1 200").doesNotContain("yes");
        }
        assertThat(api.raw("HEAD /v1/admin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void shouldTellStrangersNothingOfWhatThereIs() {
        assertThat(api.get("/open").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/nowhere").statusCode()).isEqualTo(401);
        assertThat(api.send("DELETE", "/v1/plain", null).statusCode()).isEqualTo(401);
        assertThat(status("GET", "/v1/nowhere", "read")).isEqualTo(404);
        HttpResponse<String> notAllowed = api.send("DELETE", "/v1/plain", null, "Authorization", "Bearer read");
        assertThat(notAllowed.statusCode()).isEqualTo(405);
    }
}
