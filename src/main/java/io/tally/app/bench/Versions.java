package io.tally.app.bench;

import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;

/** What was measured, as far as it is of this program. */
public record Versions(String tally, String kafka) {
    /** Of what runs here. */
    public static Versions here() {
        // Classes that are run without the jar have none.
        return new Versions(
                Objects.requireNonNullElse(Versions.class.getPackage().getImplementationVersion(), "unpacked"),
                AppInfoParser.getVersion());
    }

    @Override
    public String toString() {
        return "Tally " + tally + ", Kafka " + kafka;
    }
}
