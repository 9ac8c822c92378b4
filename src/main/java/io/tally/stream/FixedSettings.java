package io.tally.stream;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The Kafka settings that exactly-once rests on, under whatever client's prefix. Kafka Streams protects some of them itself,
 * but takes {@code restore.consumer.isolation.level} as it comes, for example, and would restore what was aborted.
 */
public final class FixedSettings {
    private static final List<String> CLIENTS =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    private static final Pattern FIXED = Pattern.compile("processing\\.guarantee|group\\.protocol"
            // it lets offsets beside the store count as the store's own
            + "|upgrade\\.from"
            // what is read
            + "|isolation\\.level|auto\\.offset\\.reset|enable\\.auto\\.commit"
            // who reads it
            + "|group\\.id|group\\.instance\\.id|partition\\.assignment\\.strategy"
            // what is written, and where
            + "|acks|enable\\.idempotence|transactional\\.id|transaction\\.two\\.phase\\.commit\\.enable|partitioner\\..*"
            // what becomes of a failure
            + "|.*exception\\.handler(\\..*)?"
            // whose clients they are, and on which threads; names of this kind are Kafka's own
            + "|default\\.client\\.supplier|internal\\..*|__.*");

    private FixedSettings() {}

    /** The settings that are the operator's to choose. */
    static Map<String, String> without(Map<String, String> kafka) {
        Map<String, String> free = new HashMap<>(kafka);
        free.keySet().removeIf(FixedSettings::isFixed);
        return Map.copyOf(free);
    }

    /** Whether a setting, with or without a client's prefix, is not the operator's to choose. */
    public static boolean isFixed(String name) {
        return FIXED.matcher(bare(name)).matches();
    }

    /** The setting's name without the client's. */
    public static String bare(String name) {
        return CLIENTS.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(client -> name.substring(client.length()))
                .orElse(name);
    }
}
