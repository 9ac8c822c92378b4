package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    /** The first and the last address of a network, and those before and after them. */
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "100.64.0.0/10, 100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0",
        "192.168.7.0/25, 192.168.6.255, 192.168.7.0, 192.168.7.127, 192.168.7.128",
        "127.0.0.1/32, 127.0.0.0, 127.0.0.1, 127.0.0.1, 127.0.0.2",
        "127.0.0.1, 127.0.0.0, 127.0.0.1, 127.0.0.1, 127.0.0.2",
        "fd00::/8, fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, fd00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, fe00::",
        "2001:db8::/33, 2001:db7:ffff::, 2001:db8::, 2001:db8:7fff:ffff:ffff:ffff:ffff:ffff, 2001:db8:8000::",
        "::1, ::, ::1, ::1, ::2",
    })
    void shouldContainWhatBeginsWithItsBits(String text, String before, String first, String last, String after) {
        // When
        Network network = Network.parse(text);

        // Then
        assertThat(network.contains(AddressText.parse(before))).isFalse();
        assertThat(network.contains(AddressText.parse(first))).isTrue();
        assertThat(network.contains(AddressText.parse(last))).isTrue();
        assertThat(network.contains(AddressText.parse(after))).isFalse();
        assertThat(Network.parse(network.toString())).isEqualTo(network);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0/0, ::1", "::/0, 127.0.0.1"})
    void shouldNotContainTheOtherVersion(String network, String address) {
        assertThat(Network.parse(network).contains(AddressText.parse(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10/8",
                "010.0.0.0/8",
                "localhost",
                "localhost/8",
                "0x7f.0.0.0/8",
                "fd00::1/8",
                "fd00::/129",
                "fe80::1%eth0",
                "[::1]",
                "::ffff:10.0.0.0/104",
                "::ffff:a00:0/104",
                "256.0.0.0/8",
                "1.2.3.4.5",
                " 10.0.0.0/8",
                "10.0.0.0/٨"
            })
    void shouldRefuseWhatIsNoNetwork(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Network.parse(text))
                .withMessageStartingWith("Expected");
    }
}
