package io.tally.app;

import io.tally.http.ApiTokens;
import io.tally.http.Console;
import io.tally.http.Tls;
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
 * @param certificateFile the server's certificate chain; null speaks plain HTTP
 * @param keyFile its key; null exactly when there is no certificate
 * @param accessLog whether each request is logged
 * @param console what the page at {@code /} is for
 */
public record HttpConfig(
        String host,
        int port,
        @Nullable Path tokensFile,
        boolean allowAnonymous,
        @Nullable Path certificateFile,
        @Nullable Path keyFile,
        boolean accessLog,
        Console console) {
    /** @throws ConfigException if the host does not resolve, a file cannot be read or is missing, or money would lie open */
    public HttpConfig {
        if ((certificateFile == null) != (keyFile == null)) {
            Setting missing = certificateFile == null ? Setting.TALLY_TLS_CERTIFICATE_FILE : Setting.TALLY_TLS_KEY_FILE;
            throw new ConfigException(
                    missing.key(),
                    "is not set, but the other of certificate and key is",
                    "Set both for HTTPS, or none for plain HTTP.");
        }
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
                file(values, Setting.TALLY_API_TOKENS_FILE),
                values.flag(Setting.TALLY_ALLOW_ANONYMOUS),
                file(values, Setting.TALLY_TLS_CERTIFICATE_FILE),
                file(values, Setting.TALLY_TLS_KEY_FILE),
                values.flag(Setting.TALLY_ACCESS_LOG),
                Console.of(values.text(Setting.TALLY_CONSOLE)));
    }

    private static @Nullable Path file(SettingValues values, Setting setting) {
        return values.isGiven(setting) ? values.path(setting) : null;
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return certificateFile == null ? "http" : "https";
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

    /**
     * The certificate and key, or null for plain HTTP.
     *
     * @throws ConfigException if they cannot be used
     */
    @Nullable
    Tls tls() {
        try {
            return certificateFile == null || keyFile == null ? null : Tls.load(certificateFile, keyFile);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    Setting.TALLY_TLS_CERTIFICATE_FILE.key() + " with " + Setting.TALLY_TLS_KEY_FILE.key(),
                    "cannot be used. " + e.getMessage(),
                    "Correct the files.");
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
