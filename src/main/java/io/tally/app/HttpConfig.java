package io.tally.app;

import io.tally.http.ApiTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP API listens and who may use it.
 *
 * @param host an address or a name that resolves
 * @param port 0 to 65535; 0 takes a free one
 * @param tokensFile the services' tokens; null serves loopback only, unless {@code allowAnonymous}
 * @param allowAnonymous whether anyone who reaches the port may move money
 * @param accessLog whether each request is logged
 */
public record HttpConfig(String host, int port, @Nullable Path tokensFile, boolean allowAnonymous, boolean accessLog) {
    /** @throws ConfigException if the host does not resolve, the file cannot be read, or money would lie open */
    public HttpConfig {
        if (tokensFile != null && !Files.isReadable(tokensFile)) {
            throw new ConfigException(
                    Setting.TALLY_API_TOKENS_FILE.key(),
                    "is '" + tokensFile + "', which is not a readable file",
                    "Create it or correct the path.");
        }
        if (!address(host).isLoopbackAddress() && tokensFile == null && !allowAnonymous) {
            throw new ConfigException(
                    Setting.TALLY_HTTP_HOST.key(),
                    "is '" + host + "', where others could move money without a token",
                    "Set TALLY_API_TOKENS_FILE, or TALLY_ALLOW_ANONYMOUS=true when the network keeps others out.");
        }
    }

    static HttpConfig of(SettingValues values) {
        return new HttpConfig(
                values.text(Setting.TALLY_HTTP_HOST),
                values.number(Setting.TALLY_HTTP_PORT),
                values.isGiven(Setting.TALLY_API_TOKENS_FILE) ? values.path(Setting.TALLY_API_TOKENS_FILE) : null,
                values.flag(Setting.TALLY_ALLOW_ANONYMOUS),
                values.flag(Setting.TALLY_ACCESS_LOG));
    }

    /**
     * Tries the port out while nothing runs yet; the server itself would complain when everything else does.
     *
     * @throws ConfigException if it cannot be listened on
     */
    void requireFreePort() {
        try (ServerSocket socket = new ServerSocket()) {
            // As the server does: connections of an instance that has just died must not count as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address(host), port));
        } catch (IOException e) {
            throw new ConfigException(
                    Setting.TALLY_HTTP_PORT.key(),
                    "is '" + port + "', which cannot be listened on at " + host + ": " + e.getMessage(),
                    "Stop what listens there, or set it to a free port.");
        }
    }

    /** Whether it listens on every address, so that the host says nothing about how to reach it. */
    public boolean wildcard() {
        return address(host).isAnyLocalAddress();
    }

    /** Whether only this machine reaches it. */
    public boolean loopback() {
        return address(host).isLoopbackAddress();
    }

    /**
     * The services that may call, or null when no file names any.
     *
     * @throws ConfigException if a line of the file is malformed
     */
    @Nullable
    ApiTokens tokens() {
        try {
            return tokensFile == null ? null : ApiTokens.load(tokensFile);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    Setting.TALLY_API_TOKENS_FILE.key(),
                    "is '" + tokensFile + "', which cannot be used. " + e.getMessage(),
                    "Correct the file.");
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigException(
                    Setting.TALLY_HTTP_HOST.key(),
                    "is '" + host + "', which is neither an address nor a name that resolves",
                    "Set it to an address of this machine, for example 127.0.0.1.");
        }
    }
}
