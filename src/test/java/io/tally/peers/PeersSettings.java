package io.tally.peers;

import io.tally.app.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run is asked for.
 *
 * @param rounds how often each peer is measured
 * @param time each is measured for: who is slow gets fewer commands
 * @param warmUp how long each decides commands before that
 * @param users whose accounts are used
 * @param seed of the commands
 * @param postgres where to try PostgreSQL, {@code jdbc:postgresql://…}, or null
 * @param only how titles of peers begin, or empty for all
 */
record PeersSettings(
        int rounds,
        Duration time,
        Duration warmUp,
        int users,
        long seed,
        @Nullable String postgres,
        List<String> only) {
    static final int PARTITIONS = 4;

    PeersSettings {
        if (rounds < 1 || time.toSeconds() < 1 || users < 1) {
            throw new IllegalArgumentException("Expected repetitions, seconds and users from 1, but got " + rounds
                    + ", " + time.toSeconds() + " and " + users);
        }
    }

    /** As the system properties {@code peers.…} say. */
    static PeersSettings ofProperties() {
        return new PeersSettings(
                Integer.getInteger("peers.repetitions", 5),
                Duration.ofSeconds(Integer.getInteger("peers.seconds", 15)),
                Duration.ofSeconds(Integer.getInteger("peers.warm-up", 20)),
                Integer.getInteger("peers.users", 100_000),
                Long.getLong("peers.seed", 42),
                System.getProperty("peers.postgres"),
                Stream.of(System.getProperty("peers.only", "").split(","))
                        .filter(name -> !name.isBlank())
                        .toList());
    }

    /** Those to measure, in the order of a round: it turns, since who comes later finds the machine as others left it. */
    List<Peer> peersOf(int round) {
        List<Peer> peers = new ArrayList<>(peers());
        Collections.rotate(peers, -round);
        return peers;
    }

    private List<Peer> peers() {
        List<Peer> all = new ArrayList<>(List.of(KafkaPeer.values()));
        if (postgres != null) {
            all.addAll(PostgresPeer.variants());
        }
        return all.stream()
                .filter(peer -> only.isEmpty() || only.stream().anyMatch(peer.title()::startsWith))
                .toList();
    }

    Workload workload() {
        return new Workload(seed, users, false);
    }
}
