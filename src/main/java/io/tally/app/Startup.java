package io.tally.app;

import io.tally.dev.EmbeddedBroker;
import io.tally.stream.FailStop;
import java.io.PrintStream;
import java.time.Duration;

/** The start of a service, as {@code dev} and {@code serve} have it in common. */
final class Startup {
    /** Longer than a restore of some minutes' input takes; a full restore says so in the log and goes on. */
    private static final Duration READY = Duration.ofMinutes(2);

    private final Running running;
    private final PrintStream out;

    Startup(Running running, PrintStream out) {
        this.running = running;
        this.out = out;
    }

    /** Locks the data directory, sees that the HTTP port is free, and gives the configuration its instance id. */
    TallyConfig claim(TallyConfig config) {
        DataDirectory directory = running.add(DataDirectory.open(config.dataDirectory()));
        config.http().requireFreePort();
        KafkaConfig kafka = config.kafka();
        return kafka.groupInstanceId() != null
                ? config
                : config.withKafka(kafka.withGroupInstanceId(directory.instanceId()));
    }

    /** Starts the embedded broker of the claimed directory; gives the configuration its address. */
    TallyConfig broker(TallyConfig claimed) {
        EmbeddedBroker broker = running.add(EmbeddedBroker.start(claimed.dev().broker(claimed.dataDirectory())));
        return claimed.withKafka(claimed.kafka().withBootstrapServers(broker.bootstrapServers()));
    }

    /** Starts the service, says where it is and returns the address. */
    String service(TallyConfig config) {
        running.add(DeadThreads.watch(FailStop.haltingProcess()));
        Service service = running.add(Service.start(config));
        if (!service.awaitReady(READY)) {
            out.println("Still starting after " + READY.toSeconds() + " s; the log says why, or ./tally doctor.");
        }
        String url = config.http().scheme() + "://" + reachableHost(config.http()) + ":" + service.httpPort();
        out.println("HTTP   " + url);
        out.println("Kafka  " + config.kafka().bootstrapServers());
        out.println("Try    ./tally send deposit 42 10.50 && curl -s " + url + "/v1/user/42/balance");
        return url;
    }

    private static String reachableHost(HttpConfig http) {
        String host = http.wildcard() ? "127.0.0.1" : http.host();
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
