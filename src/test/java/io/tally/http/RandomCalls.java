package io.tally.http;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Calls that are sometimes right, often nearly right, and sometimes nonsense. */
final class RandomCalls {
    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW");
    private static final List<String> WORDS = List.of(
            "",
            "a",
            "b",
            "0",
            "-1",
            "1e9",
            "null",
            "true",
            "USD",
            "EUR",
            "usd",
            "accepted",
            "rejected",
            "asc",
            "desc",
            "2026-01-31",
            "2026-01-31T10:00:00Z",
            "9999-12-31T23:59:59.999Z",
            "1969-12-31",
            "..",
            "../x",
            "ä",
            "\u0000",
            "😀",
            "500",
            "501",
            "AAAA",
            "\"",
            "{",
            "x".repeat(70),
            "%",
            "a/b",
            " ",
            "2147483648",
            "9223372036854775807");
    private static final List<String> PARAMETERS =
            List.of("date", "currency", "user_id", "status", "order", "from", "to", "limit", "cursor", "x");
    private static final List<String> FIELDS =
            List.of("uid", "type", "user_id", "amount", "currency", "timestamp", "name", "id", "hold_id", "x");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "1",
            "0.5",
            "-1",
            "1e400",
            "\"1\"",
            "\"DEPOSIT\"",
            "\"WITHDRAW\"",
            "\"OPEN\"",
            "\"USD\"",
            "\"EUR\"",
            "[]",
            "{}",
            "[[[[[[[[[[]]]]]]]]]]",
            "\"a\"",
            "\"b\"",
            "\"\\u0000\"",
            "\"ä\"",
            "\"2026-01-31\"",
            "99999999999999999999",
            "\"",
            "\"\\ud800\"");
    private static final List<String> HEADERS = List.of("Idempotency-Key", "Tally-Position", "traceparent", "Accept");

    private static final List<String> TRICKS = List.of(
            "//",
            "/./",
            "/../",
            ";",
            ";x=y",
            "%00",
            "%2f",
            "%2e%2e",
            "%",
            "%zz",
            "%u0041",
            "%ff",
            "%25",
            "\\",
            "#",
            "?",
            " ",
            "\t",
            "\r",
            "\n",
            "\r\n\r\n",
            "\u0000",
            "\u00ff",
            ":",
            "HTTP/2.0",
            "HTTP/0.9",
            "http://x/",
            "*",
            "Content-Length: 5\r\n",
            "Content-Length: -1\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Host: b\r\n",
            "Expect: 100-continue\r\n",
            "Expect: x\r\n",
            "Connection: upgrade\r\nUpgrade: h2c\r\n",
            "Sec-WebSocket-Version: 13\r\n",
            "Content-Encoding: gzip\r\n",
            "Cookie: JSESSIONID=x\r\n",
            "0\r\n\r\n");

    private final SplittableRandom random;
    private final List<UUID> uids = new ArrayList<>();

    RandomCalls(SplittableRandom random) {
        this.random = random;
        for (int i = 0; i < 30; i++) {
            uids.add(new UUID(random.nextLong(), random.nextLong()));
        }
    }

    Supplier<CompletableFuture<HttpResponse<String>>> next(Api api) {
        String method = one(METHODS);
        String path = path() + (random.nextInt(3) == 0 ? "?" + query() : "");
        String body = method.equals("POST") || method.equals("PUT") || random.nextInt(20) == 0 ? body() : null;
        List<String> headers = new ArrayList<>();
        if (random.nextInt(10) == 0) {
            headers.addAll(List.of("Content-Type", one(List.of("text/plain", "application/json;charset=x", "/", "a"))));
        }
        if (random.nextInt(6) == 0) {
            String value = random.nextBoolean() ? uid() : one(WORDS).replaceAll("[^ -~]", "?");
            headers.addAll(List.of(one(HEADERS), value));
        }
        return () -> api.sendLater(method, path, body, headers.toArray(String[]::new));
    }

    /** Bytes that are no request, or were one before they were spoilt. */
    byte[] garbage() {
        if (random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            return noise;
        }
        String body = body();
        StringBuilder request = new StringBuilder(one(METHODS) + " " + path() + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\n");
        request.append(
                random.nextBoolean()
                        ? "Content-Length: " + body.length() + "\r\n\r\n" + body
                        : "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                                + "\r\n0\r\n\r\n");
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(request.length());
            switch (random.nextInt(4)) {
                case 0 -> request.insert(at, one(TRICKS));
                case 1 -> request.setCharAt(at, (char) random.nextInt(256));
                case 2 -> request.delete(at, Math.min(request.length(), at + random.nextInt(1, 20)));
                default -> request.insert(Math.max(0, request.indexOf("\r\n") + 2), one(TRICKS));
            }
            if (request.isEmpty()) {
                break;
            }
        }
        return request.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String uid() {
        return one(uids).toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String user() {
        return random.nextInt(3) == 0 ? encoded(one(WORDS)) : "fuzz-" + random.nextInt(5);
    }

    private String path() {
        return switch (random.nextInt(8)) {
            case 0 -> "/v1/user";
            case 1 -> "/v1/user/" + user();
            case 2 -> "/v1/user/" + user() + "/balance";
            case 3 -> "/v1/user/" + user() + "/transactions";
            case 4 -> "/v1/transaction/" + (random.nextBoolean() ? uid() : encoded(one(WORDS)));
            case 5 -> "/" + encoded(one(WORDS)) + "/" + encoded(one(WORDS));
            default -> "/v1/transaction";
        };
    }

    private String query() {
        return random.ints(random.nextInt(1, 4), 0, PARAMETERS.size())
                .mapToObj(PARAMETERS::get)
                .map(name -> name + "=" + encoded(one(WORDS)))
                .collect(Collectors.joining("&"));
    }

    private String body() {
        if (random.nextInt(15) == 0) {
            return one(WORDS);
        }
        if (random.nextInt(3) > 0) {
            String type = one(List.of("DEPOSIT", "WITHDRAW", "OPEN"));
            String amount = type.equals("OPEN") ? "" : ",\"amount\":\"" + random.nextInt(1, 4) + "\"";
            return Api.command(one(uids), type, "fuzz-" + random.nextInt(5), amount);
        }
        return random.ints(random.nextInt(8), 0, FIELDS.size())
                .mapToObj(FIELDS::get)
                .map(name -> "\"" + name + "\":" + (name.equals("uid") ? "\"" + uid() + "\"" : one(VALUES)))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
