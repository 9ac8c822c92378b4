package io.tally.app.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Where requests go, and how they look on the wire. */
final class HttpTarget {
    private static final int HTTP_PORT = 80;

    private final InetSocketAddress address;
    private final String authority;

    /**
     * Takes the address of a service.
     *
     * @throws IllegalArgumentException if it is not {@code http://host[:port]}
     */
    HttpTarget(URI uri) {
        String path = uri.getPath();
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null || path != null && path.length() > 1) {
            throw new IllegalArgumentException("Expected http://host[:port], but got " + uri);
        }
        this.address = new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
        this.authority = uri.getAuthority();
    }

    HttpConnection connect() throws IOException {
        return HttpConnection.open(address);
    }

    byte[] get(String path) {
        return bare("GET", path);
    }

    byte[] delete(String path) {
        return bare("DELETE", path);
    }

    private byte[] bare(String method, String path) {
        return (method + " " + path + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    byte[] post(String path, byte[] json) {
        return withJson("POST", path, json);
    }

    byte[] patch(String path, byte[] json) {
        return withJson("PATCH", path, json);
    }

    private byte[] withJson(String method, String path, byte[] json) {
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + authority
                + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + json.length);
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(json);
        return request.toByteArray();
    }
}
