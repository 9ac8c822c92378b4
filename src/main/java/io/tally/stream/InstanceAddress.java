package io.tally.stream;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where an instance of the service is reached, as it says itself.
 *
 * @param host a name or an address
 * @param port 1 to 65535; 0 when the instance is not reachable for others
 */
public record InstanceAddress(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** {@code host:port}, as Kafka's {@code application.server} has it. */
    public String hostAndPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Whether others can try to reach it: Kafka passes on whatever an instance says of itself. */
    public boolean isReachable() {
        return isAddress(hostAndPort());
    }

    /** Whether it is a {@code host:port} that can stand in a URL, with a port from 1 to 65535. */
    public static boolean isAddress(String text) {
        try {
            URI url = new URI("http://" + text);
            return url.getHost() != null && url.getPort() >= 1 && url.getPort() <= MAX_PORT;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
