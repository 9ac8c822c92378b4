package io.tally.peers;

import io.tally.app.load.PassThroughCheck;
import io.tally.app.load.Workload;
import io.tally.app.load.WorkloadCheck;
import io.tally.rig.TallyProcess;
import io.tally.stream.LedgerTopics;
import io.tally.stream.NewTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Those that read commands from Kafka and write there what becomes of them: a program and a broker, a process each. */
enum KafkaPeer implements Peer {
    TALLY("Tally") {
        @Override
        TallyProcess start(String bootstrapServers, Path directory) {
            return launchTally(bootstrapServers, directory);
        }
    },
    TALLY_ON_ONE_THREAD("Tally, one thread") {
        @Override
        TallyProcess start(String bootstrapServers, Path directory) {
            return launchTally(bootstrapServers, directory, "--stream-threads=1");
        }
    },
    PASS_THROUGH("pass-through") {
        @Override
        TallyProcess start(String bootstrapServers, Path directory) {
            PeerSettings settings = settings(bootstrapServers, directory);
            return launch(directory.resolve("peer.log"), PassThrough.class.getName(), settings.toArguments());
        }

        @Override
        List<String> check(Workload workload, long commands, String bootstrapServers) {
            return new PassThroughCheck(workload, commands).read(bootstrapServers, OUTPUT);
        }
    },
    TEXTBOOK("textbook") {
        @Override
        TallyProcess start(String bootstrapServers, Path directory) {
            return launchTextbook(Tuning.DEFAULTS, bootstrapServers, directory);
        }
    },
    TUNED("tuned") {
        @Override
        TallyProcess start(String bootstrapServers, Path directory) {
            return launchTextbook(Tuning.TUNED, bootstrapServers, directory);
        }
    };

    private static final Duration START = Duration.ofMinutes(1);

    private static final String OUTPUT = LedgerTopics.of("", "").output();

    /** What the launcher gives Tally; all get the same. */
    private static final List<String> JVM =
            List.of("-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "-Xmx" + TallyProcess.HEAP);

    private final String title;

    KafkaPeer(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Measured measure(PeersSettings settings, Path directory) {
        try (TallyProcess broker = startBroker(directory)) {
            String bootstrapServers = broker.awaitValue("Kafka", START);
            try (TallyProcess peer = start(bootstrapServers, directory);
                    Load load = new Load(bootstrapServers, settings)) {
                Measured rate = measure(load, peer);
                peer.terminate();
                List<String> faults = new ArrayList<>(rate.faults());
                faults.addAll(check(settings.workload(), load.written(), bootstrapServers));
                broker.terminate();
                return new Measured(rate.perSecond(), rate.commands(), faults);
            }
        }
    }

    private Measured measure(Load load, TallyProcess peer) {
        try {
            load.warmUp();
            return load.measure();
        } catch (IllegalStateException e) {
            String end = peer.isAlive()
                    ? " is too slow"
                    : " has ended: " + peer.output().lines().reduce("", (before, line) -> line);
            throw new IllegalStateException(title + end, e);
        }
    }

    /** Starts the program, and does not wait for it where what it writes shows soon enough that it is there. */
    abstract TallyProcess start(String bootstrapServers, Path directory);

    /** Reads what was written; returns what is wrong with it. */
    List<String> check(Workload workload, long commands, String bootstrapServers) {
        return new WorkloadCheck(workload, commands).read(bootstrapServers, OUTPUT);
    }

    private static TallyProcess startBroker(Path directory) {
        return launch(
                directory.resolve("broker.log"),
                TallyProcess.MAIN,
                "broker",
                "--data-dir=" + directory,
                "--dev-kafka-port=0",
                "--dev-controller-port=0");
    }

    private static TallyProcess launch(Path log, String main, String... arguments) {
        return TallyProcess.startMain(main, JVM, log, Map.of(), arguments);
    }

    PeerSettings settings(String bootstrapServers, Path directory) {
        LedgerTopics topics = NewTopics.create(bootstrapServers, PeersSettings.PARTITIONS);
        return new PeerSettings(bootstrapServers, topics.input(), topics.output(), title, directory.resolve("state"));
    }

    static TallyProcess launchTally(String bootstrapServers, Path directory, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--bootstrap-servers=" + bootstrapServers,
                "--data-dir=" + directory.resolve("service"),
                "--http-port=0"));
        arguments.addAll(List.of(options));
        TallyProcess service =
                launch(directory.resolve("service.log"), TallyProcess.MAIN, arguments.toArray(String[]::new));
        service.awaitOutput("HTTP   ", START);
        return service;
    }

    TallyProcess launchTextbook(Tuning tuning, String bootstrapServers, Path directory) {
        List<String> arguments = new ArrayList<>(List.of(tuning.name()));
        arguments.addAll(Arrays.asList(settings(bootstrapServers, directory).toArguments()));
        return launch(directory.resolve("peer.log"), TextbookLedger.class.getName(), arguments.toArray(String[]::new));
    }
}
