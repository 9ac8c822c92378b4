package io.tally.stream;

/**
 * Where an instance of the service is reached.
 *
 * @param host a name or an address
 * @param port 0 to 65535; 0 when the instance is not reachable for others
 */
public record Instance(String host, int port) {
    /** {@code host:port}, as Kafka's {@code application.server} has it. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
