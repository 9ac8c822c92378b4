package io.tally.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {
    private static final TargetGuard STRICT = new TargetGuard(false, List.of());

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    /** A class of addresses: its first and its last are refused, what is public just outside of it is not. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "this network, 0.0.0.0, 0.255.255.255, , 1.0.0.0",
        "private A, 10.0.0.0, 10.255.255.255, 9.255.255.255, 11.0.0.0",
        "CGNAT, 100.64.0.0, 100.127.255.255, 100.63.255.255, 100.128.0.0",
        "loopback, 127.0.0.0, 127.255.255.255, 126.255.255.255, 128.0.0.0",
        "link-local, 169.254.0.0, 169.254.255.255, 169.253.255.255, 169.255.0.0",
        "metadata of clouds, 169.254.169.254, 169.254.169.254, ,",
        "metadata of Azure, 168.63.129.16, 168.63.129.16, 168.63.129.15, 168.63.129.17",
        "private B, 172.16.0.0, 172.31.255.255, 172.15.255.255, 172.32.0.0",
        "protocol assignments, 192.0.0.0, 192.0.0.255, 191.255.255.255, 192.0.1.0",
        "documentation 1, 192.0.2.0, 192.0.2.255, 192.0.1.255, 192.0.3.0",
        "6to4 relays, 192.88.99.0, 192.88.99.255, 192.88.98.255, 192.88.100.0",
        "private C, 192.168.0.0, 192.168.255.255, 192.167.255.255, 192.169.0.0",
        "benchmarks, 198.18.0.0, 198.19.255.255, 198.17.255.255, 198.20.0.0",
        "documentation 2, 198.51.100.0, 198.51.100.255, 198.51.99.255, 198.51.101.0",
        "documentation 3, 203.0.113.0, 203.0.113.255, 203.0.112.255, 203.0.114.0",
        "multicast and reserved, 224.0.0.0, 255.255.255.254, 223.255.255.255,",
        "multicast, 239.255.255.255, 239.255.255.255, ,",
        "reserved, 240.0.0.0, 240.0.0.0, ,",
        "broadcast, 255.255.255.255, 255.255.255.255, ,",
        "unspecified, ::, ::, ,",
        "loopback of IPv6, ::1, ::1, ,",
        "IPv4-compatible, ::8.8.8.8, ::ffff:ffff, ,",
        "IPv4-translated, ::ffff:0:808:808, ::ffff:0:ffff:ffff, ,",
        "NAT64, 64:ff9b::, 64:ff9b::ffff:ffff, ,",
        "NAT64 of a site, 64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, ,",
        "discard, 100::, 100::ffff:ffff:ffff:ffff, ,",
        "before unicast, ::2, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, , 2000::",
        "Teredo, 2001::, 2001:0:ffff:ffff:ffff:ffff:ffff:ffff, 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff,",
        "benchmarks of IPv6, 2001:2::, 2001:2:0:ffff:ffff:ffff:ffff:ffff, ,",
        "protocol assignments of IPv6, 2001:1::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, , 2001:200::",
        "documentation of IPv6, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db7:ffff::, 2001:db9::",
        "6to4, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:ffff:ffff::, 2003::",
        "documentation of IPv6 2, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3ffe:ffff::, 3fff:1000::",
        "after unicast, 4000::, fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:ffff:ffff::,",
        "segment routing, 5f00::, 5f00:ffff::, ,",
        "unique local, fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ,",
        "link-local of IPv6, fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ,",
        "site-local, fec0::, feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ,",
        "multicast of IPv6, ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ,",
    })
    void shouldRefuseEachClassOfAddresses(String name, String first, String last, String before, String after)
            throws Exception {
        for (String refused : List.of(first, last)) {
            // When
            InetAddress[] found = {address("8.8.8.8"), address(refused)};

            // Then
            assertThatThrownBy(() -> STRICT.checked("host.test", found))
                    .as(refused)
                    .isInstanceOf(UnsentException.class)
                    .hasMessage("The host has an address that is not public");
            assertThat(STRICT.refusal(url(refused))).as(refused).startsWith("Expected");
        }
        for (String taken : new String[] {before, after}) {
            if (taken != null) {
                assertThat(STRICT.checked("host.test", new InetAddress[] {address(taken)}))
                        .extracting(InetAddress::getHostAddress)
                        .containsExactly(address(taken).getHostAddress());
                assertThat(STRICT.refusal(url(taken))).as(taken).isNull();
            }
        }
    }

    private static URI url(String address) {
        return URI.create("https://" + (address.contains(":") ? "[" + address + "]" : address) + "/hook");
    }

    /** As bytes: Java itself turns some of these into IPv4. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "8.8.8.8"})
    void shouldRefuseMappedAddresses(String inside) throws Exception {
        // Given
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(address(inside).getAddress(), 0, bytes, 12, 4);
        InetAddress mapped = java.net.Inet6Address.getByAddress(null, bytes, 0);
        TargetGuard guard = new TargetGuard(false, List.of(Network.parse("127.0.0.0/8")));

        // Then
        assertThatThrownBy(() -> guard.checked("host.test", new InetAddress[] {mapped}))
                .isInstanceOf(UnsentException.class);
        assertThat(guard.refusal(URI.create("https://[::ffff:" + inside + "]/")))
                .startsWith("Expected");
    }

    @Test
    void shouldTakeWhatIsAllowed() throws Exception {
        // Given
        TargetGuard guard = new TargetGuard(false, List.of(Network.parse("10.1.0.0/16"), Network.parse("fd00::/8")));
        InetAddress[] allowed = {address("10.1.255.255"), address("fd00::1"), address("1.1.1.1")};

        // Then
        assertThat(guard.checked("host.test", allowed))
                .containsExactly(allowed)
                .allSatisfy(checked -> assertThat(checked.getHostName()).isEqualTo("host.test"));
        assertThat(guard.refusal(URI.create("https://10.1.0.0:8443/"))).isNull();
        assertThat(guard.refusal(URI.create("https://10.2.0.0:8443/"))).isNotNull();
        assertThatThrownBy(
                        () -> guard.checked("host.test", new InetAddress[] {address("10.1.0.1"), address("10.2.0.0")}))
                .isInstanceOf(UnsentException.class);
    }

    @Test
    void shouldCheckAllAddressesAndTryThree() throws Exception {
        // Given
        InetAddress[] many = new InetAddress[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = address("8.8.4." + i);
        }

        // Then
        assertThat(STRICT.checked("host.test", many)).hasSize(3);
        many[199] = address("127.0.0.1");
        assertThatThrownBy(() -> STRICT.checked("host.test", many)).isInstanceOf(UnsentException.class);
        assertThatThrownBy(() -> STRICT.checked("host.test", new InetAddress[0]))
                .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com", "HTTPS://Example.com/a/b?c=d&e=%20", "https://example.com:1/",
                        "https://example.com:65535/",
                "https://a.b-c.example/", "https://xn--bcher-kva.example/", "https://1.1.1.1/",
                        "https://[2606:4700::1111]:8443/",
                "https://0x7f.example/", "https://intranet/"
            })
    void shouldTakeUrls(String url) {
        assertThat(STRICT.refusal(URI.create(url))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hook",
                "//example.com/",
                "example.com",
                "mailto:a@example.com",
                "https:/a",
                "https:///a",
                "https:a",
                "http://example.com/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "jar:https://example.com/!/",
                "https://user@example.com/",
                "https://user:secret@example.com/",
                "https://@example.com/",
                "https://example.com/#a",
                "https://example.com/#",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://example.com:99999999999/",
                "https://example.com./",
                "https://foo_bar.example/",
                "https://bücher.example/",
                "https://example.com/ü",
                "https://127.0.0.1./",
                "https://[fe80::1%25eth0]/",
                "https://[2606:4700::1111%251]/",
                "https://[::1]/",
                "https://[::ffff:8.8.8.8]/",
                "https://[::ffff:808:808]/",
                "https://[::8.8.8.8]/"
            })
    void shouldRefuseUrls(String url) {
        assertThat(STRICT.refusal(URI.create(url))).startsWith("Expected").hasSizeLessThanOrEqualTo(200);
    }

    /** What the resolver of a system or of Java takes for 127.0.0.1, or for another address than it looks like. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "017700000001",
                "127.1",
                "127.0.1",
                "0x7f.1",
                "0177.0.0.1",
                "0x7f.0.0.0x1",
                "127.0.0.01",
                "0127.0.0.1",
                "1.1.1.01",
                "00.0.0.0",
                "0",
                "1.1.1.1.1",
                "256.1.1.1",
                "a.1",
                "a.0x1"
            })
    void shouldRefuseOtherSpellingsOfAddresses(String host) {
        TargetGuard all = new TargetGuard(true, List.of(Network.parse("0.0.0.0/0")));

        assertThat(all.refusal(URI.create("http://" + host + "/"))).startsWith("Expected");
        assertThat(all.refusal(URI.create("http://127.0.0.1/"))).isNull();
    }

    @Test
    void shouldTakePlainHttpWhereAllowed() {
        assertThat(new TargetGuard(true, List.of()).refusal(URI.create("http://example.com/")))
                .isNull();
        assertThat(new TargetGuard(true, List.of()).refusal(URI.create("ftp://example.com/")))
                .isEqualTo("Expected an absolute URL that begins with https:// or http://, but it does not");
    }

    @Test
    void shouldBoundTheLengthOfUrls() {
        String url = "https://example.com/";

        assertThat(STRICT.refusal(URI.create(url + "a".repeat(2_048 - url.length()))))
                .isNull();
        assertThat(STRICT.refusal(URI.create(url + "a".repeat(2_049 - url.length()))))
                .isEqualTo("Expected a URL of at most 2048 characters, but it has 2049");
    }

    @Test
    void shouldNotAskForNames() {
        assertThatCode(() -> STRICT.refusal(URI.create("https://no-such-name.invalid/")))
                .doesNotThrowAnyException();
    }
}
