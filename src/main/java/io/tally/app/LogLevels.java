package io.tally.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Levels of single loggers, which go before {@code TALLY_LOG_LEVEL} and before what logback.xml says of them. */
final class LogLevels {
    private LogLevels() {}

    /** Lets Kafka's clients say nothing: what they would say of a broker that is away, a command says better at its end. */
    static void silenceKafka() {
        set("org.apache.kafka=OFF");
    }

    /**
     * Sets them. What is no level changes nothing here: it is refused where the settings are checked.
     *
     * @param levels as {@link Setting#TALLY_LOG_LEVELS} takes them
     */
    static void set(String levels) {
        for (String each : levels.split(",")) {
            int at = each.indexOf('=');
            if (at > 0 && LoggerFactory.getLogger(each.substring(0, at)) instanceof Logger logger) {
                logger.setLevel(Level.toLevel(each.substring(at + 1), logger.getLevel()));
            }
        }
    }
}
