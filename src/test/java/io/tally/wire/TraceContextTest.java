package io.tally.wire;

import static io.tally.wire.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            })
    void shouldAcceptTraceparents(String header) {
        assertThat(TraceContext.isValidTraceparent(utf8(header))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-\n",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-\u00ff",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473/-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902:7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
            })
    void shouldRefuseOtherTraceparents(String header) {
        assertThat(TraceContext.isValidTraceparent(utf8(header))).isFalse();
    }

    @Test
    void shouldBoundTraceparents() {
        String later = "01" + PARENT.substring(2) + "-";
        assertThat(TraceContext.isValidTraceparent(utf8(later + "x".repeat(512 - later.length()))))
                .isTrue();
        assertThat(TraceContext.isValidTraceparent(utf8(later + "x".repeat(513 - later.length()))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a=b", "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE", "0t@v=x y", "a=1,,b=2", "a=1\t,\tb=2 "})
    void shouldAcceptTracestates(String header) {
        assertThat(TraceContext.isValidTracestate(utf8(header))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=b", "a=", "A=b", "a=b=c", "a=b,a=c", "a=ä", "a=b\n", "a=\u0000", "-a=b", "a =b"})
    void shouldRefuseOtherTracestates(String header) {
        assertThat(TraceContext.isValidTracestate(utf8(header))).isFalse();
    }

    @Test
    void shouldBoundTracestates() {
        assertThat(TraceContext.isValidTracestate(utf8(members(32)))).isTrue();
        assertThat(TraceContext.isValidTracestate(utf8(members(33)))).isFalse();
        assertThat(TraceContext.isValidTracestate(utf8("a=" + "x".repeat(256)))).isTrue();
        assertThat(TraceContext.isValidTracestate(utf8("a=" + "x".repeat(257)))).isFalse();
        assertThat(TraceContext.isValidTracestate(utf8("a".repeat(256) + "=x"))).isTrue();
        assertThat(TraceContext.isValidTracestate(utf8("a".repeat(257) + "=x"))).isFalse();
        assertThat(TraceContext.isValidTracestate(utf8("a=" + "x".repeat(252) + ",b=" + "x".repeat(255))))
                .isTrue();
        assertThat(TraceContext.isValidTracestate(utf8("a=" + "x".repeat(253) + ",b=" + "x".repeat(255))))
                .isFalse();
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }
}
