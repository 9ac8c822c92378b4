package io.tally.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackPortTest {
    @Test
    void shouldGiveNoPortThatAConnectionMayGetByChance() throws Exception {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        assumeTrue(Files.exists(range), "only Linux tells its range");
        int first = Integer.parseInt(Files.readString(range).strip().split("\\s+")[0]);
        assumeTrue(first >= 32_768, "this machine has a range of its own");

        for (int i = 0; i < 1_000; i++) {
            assertThat(LoopbackPort.free()).isLessThan(first).isGreaterThan(1_024);
        }
    }

    @Test
    void shouldNotGiveTheSamePortTwice() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(ports.add(LoopbackPort.free())).isTrue();
        }
    }

    @Test
    void shouldPassOverAPortThatIsTaken() throws Exception {
        int port = LoopbackPort.free();
        assertThat(LoopbackPort.isFree(port)).isTrue();

        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(LoopbackPort.isFree(taken.getLocalPort())).isFalse();
        }
    }
}
