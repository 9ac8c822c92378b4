package io.tally.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cluster lets webhooks reach: HTTPS at public addresses. */
class WebhookPolicyTest {
    private final JsonNode rule =
            Overlay.prod().the("NetworkPolicy", "tally-webhooks").path("spec");

    WebhookPolicyTest() throws IOException {}

    @Test
    void shouldOpenThePortOfHttpsOnly() {
        assertThat(rule.path("policyTypes")).hasSize(1).first().hasToString("\"Egress\"");
        assertThat(rule.path("egress")).hasSize(1);
        assertThat(rule.at("/egress/0/ports")).hasSize(1);
        assertThat(rule.at("/egress/0/ports/0/port").asInt()).isEqualTo(443);
        assertThat(rule.at("/egress/0/ports/0/protocol").asText()).isEqualTo("TCP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "9.255.255.255", "100.128.0.1", "172.32.0.1", "223.255.255.255", "2606:4700::1111"})
    void shouldLetPublicAddressesBeReached(String address) throws UnknownHostException {
        assertThat(reached(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "64:ff9b::7f00:1",
                "fc00::1",
                "fd00::1",
                "fe80::1",
                "ff02::1",
                "2001:0:1::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "3fff::1"
            })
    void shouldKeepAllOthersOut(String address) throws UnknownHostException {
        assertThat(reached(address)).isFalse();
    }

    private boolean reached(String address) throws UnknownHostException {
        for (JsonNode peer : rule.at("/egress/0/to")) {
            List<String> except = new ArrayList<>();
            peer.at("/ipBlock/except").forEach(cidr -> except.add(cidr.asText()));
            assertThat(except).isNotEmpty();
            if (contains(peer.at("/ipBlock/cidr").asText(), address)) {
                for (String cidr : except) {
                    if (contains(cidr, address)) {
                        return false;
                    }
                }
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String cidr, String address) throws UnknownHostException {
        String[] parts = cidr.split("/", 2);
        byte[] network = InetAddress.getByName(parts[0]).getAddress();
        byte[] candidate = InetAddress.getByName(address).getAddress();
        int rest = network.length * Byte.SIZE - Integer.parseInt(parts[1]);
        return network.length == candidate.length
                && new BigInteger(1, network).shiftRight(rest).equals(new BigInteger(1, candidate).shiftRight(rest));
    }
}
