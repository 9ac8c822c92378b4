package io.tally.rig;

import io.tally.stream.StreamSettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of an instance with some of them changed: those that a test is about. */
public final class ChangedSettings {
    private final StreamSettings settings;
    private Map<String, String> kafka;
    private Path stateDirectory;
    private @Nullable String address;
    private String instance;
    private int threads;
    private int standbys;
    private StreamSettings.NewLedger ledger;

    private ChangedSettings(StreamSettings settings) {
        this.settings = settings;
        this.kafka = settings.kafka();
        this.stateDirectory = settings.stateDirectory();
        this.address = settings.applicationServer();
        this.instance = settings.groupInstanceId();
        this.threads = settings.streamThreads();
        this.standbys = settings.standbyReplicas();
        this.ledger = settings.ledger();
    }

    public static ChangedSettings of(StreamSettings settings) {
        return new ChangedSettings(settings);
    }

    /** Instead of all that was there. */
    public ChangedSettings kafka(Map<String, String> changed) {
        kafka = changed;
        return this;
    }

    public ChangedSettings stateDirectory(Path changed) {
        stateDirectory = changed;
        return this;
    }

    public ChangedSettings address(String changed) {
        address = changed;
        return this;
    }

    public ChangedSettings instance(String changed) {
        instance = changed;
        return this;
    }

    public ChangedSettings threads(int changed) {
        threads = changed;
        return this;
    }

    public ChangedSettings standbys(int changed) {
        standbys = changed;
        return this;
    }

    public ChangedSettings ledger(StreamSettings.NewLedger changed) {
        ledger = changed;
        return this;
    }

    public StreamSettings build() {
        return new StreamSettings(
                kafka,
                settings.applicationId(),
                settings.topicPrefix(),
                stateDirectory,
                address,
                instance,
                threads,
                standbys,
                settings.storeMemoryBytes(),
                settings.minFreeDiskBytes(),
                ledger);
    }
}
