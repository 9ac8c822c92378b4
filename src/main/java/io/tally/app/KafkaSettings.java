package io.tally.app;

import io.tally.stream.FixedSettings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Client settings from {@code KAFKA_*} variables, named by the rule of Apache's container image: {@code _} stands for a
 * dot, {@code __} for an underscore, {@code ___} for a hyphen.
 *
 * <p>What exactly-once rests on is refused, for every client: with another value the ledger would lose or double money.
 */
final class KafkaSettings {
    private static final String PREFIX = "KAFKA_";

    /** Set around Kafka's own scripts and images; they are no client settings. */
    private static final Set<String> FOREIGN = Set.of(
            "KAFKA_HOME",
            "KAFKA_VERSION",
            "KAFKA_OPTS",
            "KAFKA_HEAP_OPTS",
            "KAFKA_JMX_OPTS",
            "KAFKA_JVM_PERFORMANCE_OPTS",
            "KAFKA_GC_LOG_OPTS",
            "KAFKA_LOG4J_OPTS");

    /** Client settings that have a name of ours, so that there is one place to look. */
    private static final Map<String, Setting> OURS = Map.of(
            "state.dir", Setting.TALLY_DATA_DIR,
            "num.stream.threads", Setting.TALLY_STREAM_THREADS,
            "num.standby.replicas", Setting.TALLY_STANDBY_REPLICAS,
            "bootstrap.servers", Setting.KAFKA_BOOTSTRAP_SERVERS,
            "application.id", Setting.KAFKA_APPLICATION_ID,
            "application.server", Setting.KAFKA_APPLICATION_SERVER,
            "group.instance.id", Setting.KAFKA_GROUP_INSTANCE_ID);

    private KafkaSettings() {}

    /**
     * The client settings of all variables that are neither a {@link Setting} nor Kubernetes' or a script's.
     *
     * @throws ConfigException if one must not be changed
     */
    static Map<String, String> from(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(PREFIX)
                    && Setting.of(variable).isEmpty()
                    && !FOREIGN.contains(variable)
                    && !KubernetesVariables.isOne(PREFIX, variable)
                    && !value.isEmpty()) {
                String name = clientSetting(variable);
                requireFree(variable, name);
                settings.put(name, value);
            }
        });
        return Map.copyOf(settings);
    }

    private static String clientSetting(String variable) {
        return variable.substring(PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace("___", "-")
                .replace("__", "\0")
                .replace('_', '.')
                .replace('\0', '_');
    }

    private static void requireFree(String variable, String name) {
        String bare = FixedSettings.bare(name);
        Setting ours = OURS.get(bare);
        if (ours != null) {
            throw new ConfigException(
                    variable, "changes " + bare + ", which Tally sets", "Remove it and use " + ours.name() + ".");
        }
        if (FixedSettings.isFixed(name)) {
            throw new ConfigException(variable, "changes " + bare + ", which exactly-once rests on", "Remove it.");
        }
        if (bare.isEmpty()) {
            throw new ConfigException(variable, "names no client setting", "Remove it.");
        }
    }
}
