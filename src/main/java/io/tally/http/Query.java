package io.tally.http;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query, as HTML forms write them: UTF-8 in percent-encoding, with {@code +} for a blank. Of a parameter
 * that comes several times the first counts. Javalin reads them by the charset of the body and drops those that it cannot
 * decode: the caller would get the answer to a question that was not asked. Immutable.
 */
final class Query {
    private record Parameter(String name, String value) {}

    private static final Query EMPTY = new Query(List.of());
    private static final String PARSED = Query.class.getName();

    private final List<Parameter> parameters;

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /**
     * The query of a request.
     *
     * @throws RequestRefusedException if any of it cannot be decoded
     */
    static Query of(Context ctx) {
        String text = ctx.queryString();
        if (text == null) {
            return EMPTY;
        }
        Query query = ctx.attribute(PARSED);
        if (query == null) {
            query = parse(text);
            ctx.attribute(PARSED, query);
        }
        return query;
    }

    /** Refuses a query that cannot be decoded, also for a call that takes no parameters: one may be misspelt by that. */
    static void check(Context ctx) {
        Query unused = of(ctx);
    }

    static Query parse(String text) {
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            String[] sides = pair.split("=", 2);
            String name = decode(sides[0]);
            String value = sides.length == 1 ? "" : decode(sides[1]);
            if (name == null || value == null) {
                throw Parameters.invalid(name == null ? sides[0] : name, "Expected UTF-8 in percent-encoding");
            }
            parameters.add(new Parameter(name, value));
        }
        return new Query(parameters);
    }

    /** A parameter's value, or null when the parameter was not sent. */
    @Nullable
    String value(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value();
            }
        }
        return null;
    }

    /** All parameters in their order, for behind a path and its {@code ?}. Encoded anew: clients may send more than a URI takes. */
    String encoded() {
        return parameters.stream()
                .map(parameter -> encode(parameter.name()) + "=" + encode(parameter.value()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Null when it cannot be decoded. The JDK's own decoder takes signs for digits, and bytes that are not UTF-8. */
    private static @Nullable String decode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes.put(encoded[i] == '+' ? (byte) ' ' : encoded[i]);
                continue;
            }
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            bytes.put((byte) (16 * high + low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
