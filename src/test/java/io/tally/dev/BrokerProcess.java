package io.tally.dev;

import io.tally.rig.TallyProcess;
import java.nio.file.Path;
import java.util.Map;

/** {@code tally broker} in a process of its own, that can be killed. */
final class BrokerProcess {
    /** What it prints when clients can connect. */
    static final String READY = "Kafka  ";

    private BrokerProcess() {}

    /**
     * Starts one.
     *
     * @param directory its data directory; the broker's is {@code broker} in it
     * @param kafkaPort where clients connect; 0 takes any
     */
    static TallyProcess start(Path directory, int kafkaPort, Path output) {
        return TallyProcess.start(
                output,
                "256m",
                Map.of(
                        "TALLY_DATA_DIR", directory.toString(),
                        "TALLY_DEV_KAFKA_PORT", Integer.toString(kafkaPort),
                        "TALLY_DEV_CONTROLLER_PORT", "0"),
                "broker");
    }
}
