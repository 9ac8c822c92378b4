package io.tally.app;

import io.tally.app.SettingType.Flag;
import io.tally.app.SettingType.Server;
import io.tally.app.SettingType.Servers;
import io.tally.app.SettingType.Text;
import io.tally.app.SettingType.Waits;
import io.tally.app.SettingType.WholeNumber;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every setting by name. Each is an environment variable and, unless {@link #environmentOnly()}, an option of the same
 * name: {@code TALLY_HTTP_PORT} is {@code --http-port}. The option goes before the variable; an empty value counts as
 * unset.
 */
public enum Setting {
    TALLY_HTTP_HOST("127.0.0.1", Text.ANY, "Address to listen on. Beyond loopback it needs tokens"),
    TALLY_HTTP_PORT("8080", Types.PORT, "Port of the HTTP API; 0 takes a free one"),
    TALLY_DATA_DIR("./data", Text.ANY, "Directory for state, one per instance"),
    TALLY_CURRENCY("USD", Types.CURRENCY, "Currency of commands that name none; fixed when the ledger is created"),
    TALLY_PARTITIONS(null, new WholeNumber(1, 1024), "Partitions of new topics (4); fixed when the ledger is created"),
    TALLY_REPLICATION(null, new WholeNumber(1, 9), "Replicas of new topics (3; 1 on a cluster of one broker)"),
    TALLY_MIN_ISR(
            null, new WholeNumber(1, 9), "Replicas that must have a record before it counts (one less, at least 1)"),
    TALLY_TOPIC_PREFIX(
            "", Types.TOPIC_PREFIX, "Put before the topics' names; the journal is named after `KAFKA_APPLICATION_ID`"),
    TALLY_REQUIRE_REGISTRATION("false", new Flag(), "Reject commands of users without OPEN; fixed at creation"),
    TALLY_DEMO("true", new Flag(), "Whether `dev` sends a little traffic"),
    TALLY_DEV_KAFKA_PORT("9092", Types.PORT, "Port of the embedded broker"),
    TALLY_DEV_CONTROLLER_PORT("9093", Types.PORT, "Port of the embedded broker's controller"),
    TALLY_API_TOKENS_FILE(null, Text.ANY, "File of the services' tokens; without it only loopback is served"),
    TALLY_ALLOW_ANONYMOUS("false", new Flag(), "Serve beyond loopback without tokens: anyone may move money"),
    TALLY_ACCESS_LOG("false", new Flag(), "Log a line for each HTTP request, without tokens, bodies and queries"),
    TALLY_CONSOLE(
            "on",
            new Text("on|read-only|off", "on, read-only or off"),
            "The page at `/`: `on`, `read-only` (it sends no commands) or `off`"),
    TALLY_TLS_CERTIFICATE_FILE(
            null, Text.ANY, "PEM file of the certificate and its chain, for HTTPS; other instances are trusted by it"),
    TALLY_TLS_KEY_FILE(
            null, Text.ANY, "PEM file of its key (PKCS#8, not encrypted); both are read again when they change"),
    TALLY_STORE_MEMORY_MB("256", new WholeNumber(16, 1_048_576), "Bound of block cache and memtables together, MiB"),
    TALLY_MIN_FREE_DISK_MB(
            "256", new WholeNumber(0, 1_048_576), "MiB that must be free for state; below, not ready. 0: no floor"),
    TALLY_STANDBY_REPLICAS("0", new WholeNumber(0, 9), "Instances that keep a warm copy of each partition's state"),
    TALLY_STREAM_THREADS("2", new WholeNumber(1, 64), "Threads that decide commands"),
    TALLY_WEBHOOK_HTTP("false", new Flag(), "Whether webhooks may go to plain `http` (`dev`: `true`)"),
    TALLY_WEBHOOK_NETWORKS(
            null, Types.NETWORKS, "Networks that webhooks may reach though not public (`dev`: `127.0.0.0/8,::1/128`)"),
    TALLY_WEBHOOK_RETRIES(
            "5s,5m,30m,2h,5h,10h,14h,20h,24h",
            new Waits(),
            "1 to 20 waits between the attempts at a webhook, each 100ms to 24h; ms, s, m or h"),
    TALLY_WEBHOOK_TIMEOUT_S("15", new WholeNumber(1, 60), "Seconds that an attempt may take, 1 to 60"),
    TALLY_WEBHOOK_CONCURRENCY(
            "32", new WholeNumber(1, 256), "Webhooks under way to one endpoint, per instance, 1 to 256"),
    TALLY_WEBHOOK_SECRET(null, Text.ANY, "Secrets that `webhook listen` checks with, comma-separated"),
    TALLY_LOG_LEVEL("INFO", new Text(Types.LEVEL, "TRACE, DEBUG, INFO, WARN or ERROR"), "Log level"),
    TALLY_LOG_LEVELS(
            null, Types.LOG_LEVELS, "Levels of single loggers, as in `io.tally.http=DEBUG,org.apache.kafka=INFO`"),
    TALLY_LOG_FORMAT("text", new Text("text|ecs", "text or ecs"), "How log lines look: `text`, or `ecs` for JSON"),
    TALLY_JAVA_OPTS(null, Text.ANY, "Options of the Java machine, read by the launcher"),
    KAFKA_BOOTSTRAP_SERVERS("127.0.0.1:9092", new Servers(), "Brokers to ask first, host:port, comma-separated"),
    KAFKA_APPLICATION_ID("tally", Types.NAME, "Name of the ledger: consumer group, transactional ids, journal"),
    KAFKA_APPLICATION_SERVER(
            null,
            new Server(),
            "host:port at which other instances reach this one, another on each (HTTP host and port)"),
    KAFKA_GROUP_INSTANCE_ID(null, Types.NAME, "Static membership id (kept in the data directory)");

    private final @Nullable String defaultValue;
    private final SettingType type;
    private final String description;

    Setting(@Nullable String defaultValue, SettingType type, String description) {
        this.defaultValue = defaultValue;
        this.type = type;
        this.description = description;
    }

    /** The setting of this environment variable, if there is one. */
    public static Optional<Setting> of(String variable) {
        return Stream.of(values())
                .filter(setting -> setting.name().equals(variable))
                .findFirst();
    }

    /** The value when none is given, or null when the setting is then unset. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** One line for the user, without a full stop. A default that depends on others stands in brackets. */
    public String description() {
        return description;
    }

    /** Whether there is no option: the value is read before options are, or must not stand in the list of processes. */
    public boolean environmentOnly() {
        return this == TALLY_WEBHOOK_SECRET
                || this == TALLY_LOG_LEVEL
                || this == TALLY_LOG_LEVELS
                || this == TALLY_LOG_FORMAT
                || this == TALLY_JAVA_OPTS;
    }

    /** The command-line option: the name without its first word. */
    public String option() {
        return "--"
                + name().substring(name().indexOf('_') + 1)
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
    }

    /** Both names, for messages. */
    String key() {
        return environmentOnly() ? name() : name() + " (" + option() + ")";
    }

    /** @throws ConfigException if the setting does not take the value */
    void check(String value) {
        String expectation = type.expectation(value);
        if (expectation != null) {
            String example = defaultValue == null || defaultValue.isEmpty() ? "" : ", for example " + defaultValue;
            throw new ConfigException(
                    key(), "is '" + value + "', which is not " + expectation, "Set it to such a value" + example + ".");
        }
    }

    private static final class Types {
        static final SettingType PORT = new WholeNumber(0, 65_535);
        static final SettingType CURRENCY = new Text("[A-Z]{3}", "an ISO 4217 code of three capital letters");
        static final SettingType TOPIC_PREFIX =
                new Text("[A-Za-z0-9._-]{0,100}", "at most 100 letters, digits, dots, underscores and hyphens");
        static final SettingType NAME =
                new Text("[A-Za-z0-9._-]{1,100}", "1 to 100 letters, digits, dots, underscores and hyphens");

        /** Of the right form; whether the address fits the length is seen when they are read, see WebhookConfig. */
        static final SettingType NETWORKS = new Text(
                Types.NETWORK + "(," + Types.NETWORK + "){0,31}", "a list of at most 32 networks like 10.0.0.0/8");

        static final SettingType LOG_LEVELS = new Text(
                Types.LOGGER + "(," + Types.LOGGER + ")*",
                "a list of logger=level, with TRACE, DEBUG, INFO, WARN or ERROR");

        static final String LEVEL = "TRACE|DEBUG|INFO|WARN|ERROR";
        private static final String LOGGER = "[A-Za-z0-9_.]{1,200}=(" + Types.LEVEL + ")";
        private static final String NETWORK =
                "([0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/[0-9]{1,3})";
    }
}
