package io.tally.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.rig.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The comparison. System properties: {@code peers.repetitions}, {@code peers.seconds}, {@code peers.warm-up} (seconds), {@code
 * peers.users}, {@code peers.seed}, {@code peers.postgres}, {@code peers.only} (comma-separated). It judges results and not speed.
 */
@Tag("peers")
class PeersIT {
    private static final Path HOME = Path.of("target", "peers");

    @Test
    void shouldMeasureNobodyWhoIsWrong() throws Exception {
        // Given
        PeersSettings settings = PeersSettings.ofProperties();
        PeersReport report = new PeersReport(settings);

        // When
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Peer peer : settings.peersOf(round)) {
                Path directory = Files.createTempDirectory("tally-peers-");
                Measured measured = peer.measure(settings, directory);
                report.add(peer.title(), measured);
                System.out.printf("round %d: %s: %,.0f commands a second%n", round, peer.title(), measured.perSecond());
                Trees.empty(directory);
                Files.delete(directory);
            }
        }

        // Then
        Files.createDirectories(HOME);
        Files.writeString(HOME.resolve("report.md"), report.markdown());
        System.out.println(report.markdown());
        assertThat(report.faults())
                .as("wrong results with seed %d", settings.seed())
                .isEmpty();
    }
}
