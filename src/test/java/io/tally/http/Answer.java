package io.tally.http;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An answer, whichever client got it. */
record Answer(int status, Map<String, List<String>> headers, String body) {
    static Answer of(HttpResponse<String> response) {
        return of(response.statusCode(), response.headers(), response.body());
    }

    static Answer of(int status, HttpHeaders headers, String body) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers.map());
        return new Answer(status, byName, body);
    }

    /** An answer as it came over the network. */
    static Answer parse(String raw) {
        String[] parts = raw.split("\r\n\r\n", 2);
        List<String> lines = Arrays.asList(parts[0].split("\r\n"));
        if (parts.length < 2 || !lines.get(0).matches("HTTP/1\\.[01] [0-9]{3}.*")) {
            throw new AssertionError("Expected an answer, but got " + raw);
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            String[] field = line.split(": ?", 2);
            headers.put(field[0], List.of(field[1]));
        }
        return new Answer(Integer.parseInt(lines.get(0).substring(9, 12)), headers, parts[1]);
    }

    /** A header's value, empty when it was not sent. */
    String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    String mediaType() {
        return header("Content-Type").split(";", 2)[0];
    }
}
