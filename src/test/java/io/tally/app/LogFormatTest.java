package io.tally.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log looks like in both formats, by the configuration that is shipped. */
class LogFormatTest {
    private static final String HOSTILE =
            "a\n2026-01-01T00:00:00.000Z ERROR [main] Ledger: forged\u001b[31m\u0085\u2028\"";

    @Test
    void shouldWriteALineOfJsonInTheElasticCommonSchema() throws Exception {
        // When
        String written = written(
                "ecs",
                context -> context.getLogger("io.tally.x")
                        .atWarn()
                        .addKeyValue("uid", HOSTILE)
                        .addKeyValue("partition", 3)
                        .setCause(new IllegalStateException("broken"))
                        .log("met {}", HOSTILE));

        // Then
        assertThat(written).hasLineCount(1).doesNotContain("\u001b");
        JsonNode line = new ObjectMapper().readTree(written);
        assertThat(line.path("log.level").asText()).isEqualTo("WARN");
        assertThat(line.path("message").asText()).isEqualTo("met " + HOSTILE);
        assertThat(line.path("service.name").asText()).isEqualTo("tally");
        assertThat(line.path("log.logger").asText()).isEqualTo("io.tally.x");
        assertThat(line.path("tally.uid").asText()).isEqualTo(HOSTILE);
        assertThat(line.path("tally.partition").asInt()).isEqualTo(3);
        assertThat(line.path("error.message").asText()).isEqualTo("broken");
        assertThat(line.path("error.stack_trace").asText()).contains("LogFormatTest");
        assertThat(line.path("@timestamp").asText()).isNotEmpty();
        assertThat(line.path("ecs.version").asText()).isNotEmpty();
    }

    @Test
    void shouldNameThePartsOfARequestAsTheSchemaDoes() throws Exception {
        // When
        String written = written(
                "ecs",
                context -> context.getLogger("io.tally.http.access")
                        .atInfo()
                        .addKeyValue("method", "GET")
                        .addKeyValue("route", "/v1/user/{id}")
                        .addKeyValue("path", "/v1/user/ada")
                        .addKeyValue("status", 200)
                        .addKeyValue("duration_ms", 1.5)
                        .addKeyValue("trace_id", "0af7651916cd43dd8448eb211c80319c")
                        .log("GET /v1/user/{id} 200"));

        // Then
        JsonNode line = new ObjectMapper().readTree(written);
        assertThat(line.path("http.request.method").asText()).isEqualTo("GET");
        assertThat(line.path("http.response.status_code").asInt()).isEqualTo(200);
        assertThat(line.path("url.path").asText()).isEqualTo("/v1/user/ada");
        assertThat(line.path("tally.route").asText()).isEqualTo("/v1/user/{id}");
        assertThat(line.path("event.duration").asLong()).isEqualTo(1_500_000);
        assertThat(line.path("event.dataset").asText()).isEqualTo("tally.access");
        assertThat(line.path("trace.id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void shouldNotLetAMessageBeginALineOfText() {
        // When
        String written =
                written("text", context -> context.getLogger("io.tally.x").warn("met {}", HOSTILE));

        // Then
        assertThat(written)
                .hasLineCount(1)
                .contains(" WARN  [")
                .contains("x: met a?2026-01-01T00:00:00.000Z ERROR [main] Ledger: forged?[31m??\"");
    }

    @Test
    void shouldSetTheLevelsOfSingleLoggers() {
        // Given
        Logger http = (Logger) LoggerFactory.getLogger("io.tally.levels.http");
        Logger other = (Logger) LoggerFactory.getLogger("io.tally.levels.other");
        other.setLevel(Level.WARN);

        // When
        LogLevels.set("io.tally.levels.http=DEBUG,io.tally.levels.other=LOUD,");

        // Then
        assertThat(http.getLevel()).isEqualTo(Level.DEBUG);
        assertThat(other.getLevel()).isEqualTo(Level.WARN);
    }

    private static String written(String format, Consumer<LoggerContext> logging) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream stderr = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            LoggerContext context = new LoggerContext();
            context.setMDCAdapter(new LogbackMDCAdapter());
            context.putProperty("TALLY_LOG_FORMAT", format);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
            logging.accept(context);
            context.stop();
        } catch (Exception e) {
            throw new AssertionError("Expected the configuration to be one of Logback's", e);
        } finally {
            System.setErr(stderr);
        }
        return written.toString(StandardCharsets.UTF_8);
    }
}
