package io.tally.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopbackPortTest {
    /** Systems give outgoing connections ports from 32768 (Linux) or 49152 on. */
    @Test
    void shouldGiveNoPortThatAConnectionMayGetByChance() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(LoopbackPort.free()).isBetween(20_000, 32_767);
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
