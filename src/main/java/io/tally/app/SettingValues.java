package io.tally.app;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings as given, each checked by itself. Immutable.
 *
 * @param given what was set, by option or variable
 * @param kafkaSettings client settings from the other {@code KAFKA_*} variables
 */
public record SettingValues(Map<Setting, String> given, Map<String, String> kafkaSettings) {
    private static final String PREFIX = "TALLY_";

    public SettingValues {
        given = Map.copyOf(given);
        kafkaSettings = Map.copyOf(kafkaSettings);
    }

    /**
     * Reads the environment and the options, which go before it.
     *
     * @throws ConfigException if a name is unknown, a value is not allowed, or a client setting must not be changed
     */
    public static SettingValues read(Map<String, String> environment, Map<Setting, String> options) {
        Map<Setting, String> given = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String value = options.getOrDefault(setting, environment.getOrDefault(setting.name(), ""));
            if (!value.isEmpty()) {
                setting.check(value);
                given.put(setting, value);
            }
        }
        // Sorted, so that of several mistakes the same one is named each time.
        new TreeMap<>(environment).keySet().forEach(SettingValues::requireKnown);
        return new SettingValues(given, KafkaSettings.from(new TreeMap<>(environment)));
    }

    private static void requireKnown(String variable) {
        if (variable.startsWith(PREFIX)
                && Setting.of(variable).isEmpty()
                && !KubernetesVariables.isOne(PREFIX, variable)) {
            throw new ConfigException(
                    variable, "is not a setting of Tally", "Correct or remove it; `tally help` lists all settings.");
        }
    }

    /** The same, with these values where none was given. */
    SettingValues orElse(Map<Setting, String> values) {
        Map<Setting, String> all = new EnumMap<>(Setting.class);
        all.putAll(values);
        all.putAll(given);
        return new SettingValues(all, kafkaSettings);
    }

    /** Whether it was set, by option or variable. */
    public boolean isGiven(Setting setting) {
        return given.containsKey(setting);
    }

    /** The value or its default, or null when there is neither. */
    public @Nullable String textOrNull(Setting setting) {
        return given.getOrDefault(setting, setting.defaultValue());
    }

    /** The value or its default. */
    public String text(Setting setting) {
        String value = textOrNull(setting);
        if (value == null) {
            throw new IllegalArgumentException("Expected a setting with a default, but got " + setting);
        }
        return value;
    }

    public int number(Setting setting) {
        return Integer.parseInt(text(setting));
    }

    public @Nullable Integer numberOrNull(Setting setting) {
        String value = textOrNull(setting);
        return value == null ? null : Integer.valueOf(value);
    }

    public boolean flag(Setting setting) {
        return Boolean.parseBoolean(text(setting));
    }

    /** The value as a path, absolute. */
    public Path path(Setting setting) {
        return Path.of(text(setting)).toAbsolutePath().normalize();
    }
}
