package io.tally.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens and whom it serves.
 *
 * @param host the address to listen on
 * @param port 1 to 65535, or 0 for any free one
 * @param tokens the services that may call; null serves everybody who gets through to the port
 * @param anyHost whether a request without tokens may name any host and not only loopback ones
 * @param tls the server's certificate; null speaks plain HTTP
 */
public record ListenAddress(
        String host,
        int port,
        @Nullable ApiTokens tokens,
        boolean anyHost,
        @Nullable Tls tls) {
    /** One that speaks plain HTTP. */
    ListenAddress(String host, int port, @Nullable ApiTokens tokens, boolean anyHost) {
        this(host, port, tokens, anyHost, null);
    }

    /** Whether only this machine reaches it. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
