package io.tally.gateway;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Settings of the consumers that read what is committed from places of their own, without a group. */
public final class ConsumerSettings {
    /** What becomes of a position that is no longer in the log. */
    public enum LostPlace {
        /** The consumer goes on at the first record that is left. */
        GO_ON("earliest"),
        /** The consumer says so: another place must not be taken in silence. */
        FAIL("none");

        private final String reset;

        LostPlace(String reset) {
            this.reset = reset;
        }
    }

    private ConsumerSettings() {}

    /**
     * A map of its own, to which more can be added.
     *
     * @param kafka client settings, {@code bootstrap.servers} among them
     */
    public static Map<String, Object> committed(Map<String, ?> kafka, LostPlace lostPlace) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, lostPlace.reset);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return config;
    }
}
