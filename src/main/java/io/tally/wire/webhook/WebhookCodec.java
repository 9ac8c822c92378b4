package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The JSON of these records. Properties that a later version has added are skipped. */
public final class WebhookCodec {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private WebhookCodec() {}

    public static byte[] encode(Endpoint endpoint) {
        return bytes(endpoint);
    }

    public static byte[] encode(Progress progress) {
        return bytes(progress);
    }

    public static byte[] encode(Delivery delivery) {
        return bytes(delivery);
    }

    /** @throws IllegalArgumentException if the record is broken */
    public static Endpoint endpoint(byte[] json) {
        return decoded(json, Endpoint.class);
    }

    /** @throws IllegalArgumentException if the record is broken */
    public static Progress progress(byte[] json) {
        return decoded(json, Progress.class);
    }

    /** @throws IllegalArgumentException if the record is broken */
    public static Delivery delivery(byte[] json) {
        return decoded(json, Delivery.class);
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The error does not quote the record: it may hold secrets. */
    private static <T> T decoded(byte[] json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("Expected a record of type " + type.getSimpleName()
                    + ", but it is broken: " + e.getClass().getSimpleName());
        }
    }
}
