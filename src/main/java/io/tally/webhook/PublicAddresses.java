package io.tally.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses belong to anybody in the internet: those that IANA's registries of special purposes (RFC 6890) do not keep for
 * something else, and no cloud for its own machines.
 */
final class PublicAddresses {
    private static final List<Network> SPECIAL_V4 = networks(
            "0.0.0.0/8", // this network; Linux connects 0.0.0.0 to itself
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared by customers of a provider (CGNAT)
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, with the clouds' metadata at 169.254.169.254
            "168.63.129.16/32", // public by its number, but inside of Azure its metadata and DNS
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and the broadcast

    /**
     * Nothing else is given out yet, so that what lies outside needs no list: unspecified, loopback, IPv4-mapped and -compatible,
     * NAT64, discard, unique local, link-local, site-local, multicast.
     */
    private static final Network UNICAST_V6 = Network.parse("2000::/3");

    private static final List<Network> SPECIAL_V6 = networks(
            "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: holds any IPv4 address
            "3fff::/20"); // documentation

    private PublicAddresses() {}

    private static List<Network> networks(String... networks) {
        return Stream.of(networks).map(Network::parse).toList();
    }

    static boolean contain(InetAddress address) {
        if (address instanceof Inet4Address) {
            return SPECIAL_V4.stream().noneMatch(special -> special.contains(address));
        }
        return UNICAST_V6.contains(address) && SPECIAL_V6.stream().noneMatch(special -> special.contains(address));
    }
}
