package io.tally.chaos;

import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/** The brokers of a cluster, one or three. */
final class Brokers implements AutoCloseable {
    private final List<Broker> all;

    private Brokers(List<Broker> all) {
        this.all = all;
    }

    /** Starts a new cluster in a directory, and waits until it is up. */
    static Brokers start(Path directory, int count) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Integer> controllers = IntStream.range(0, count)
                .mapToObj(node -> TallyProcess.freePort())
                .toList();
        String voters = IntStream.range(0, count)
                .mapToObj(node -> node + 1 + "@127.0.0.1:" + controllers.get(node))
                .collect(Collectors.joining(","));
        Broker.Site site = new Broker.Site(directory, Uuid.randomUuid().toString(), count, voters);
        Brokers brokers = new Brokers(IntStream.range(0, count)
                .mapToObj(node -> new Broker(site, node + 1, controllers.get(node)))
                .toList());
        try {
            brokers.all.forEach(Broker::awaitUp);
            return brokers;
        } catch (RuntimeException e) {
            brokers.close();
            throw e;
        }
    }

    int count() {
        return all.size();
    }

    Broker get(int number) {
        return all.get(number);
    }

    List<BrokerProxy> proxies() {
        return all.stream().map(Broker::proxy).toList();
    }

    /** Where this process's clients connect. */
    String bootstrapServers() {
        return join(Broker::address);
    }

    /** Where the instances connect. */
    String proxiedBootstrapServers() {
        return join(Broker::proxiedAddress);
    }

    private String join(Function<Broker, String> address) {
        return all.stream().map(address).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        all.forEach(Broker::close);
    }
}
