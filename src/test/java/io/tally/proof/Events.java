package io.tally.proof;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Headers;

/** Puts what a producer sends into CloudEvents of structured mode, right ones and others. */
final class Events {
    private static final String CONTENT_TYPE = "content-type";
    private static final String TYPE = "application/cloudevents+json";
    private static final String HERE = "#";
    private static final String RIGHT =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/generator\",\"type\":\"payment.requested\",\"time\":null,\"data\":#}";

    /** Each lacks something, or has what it must not have; nothing may be decided of them. */
    private static final List<String> BROKEN = List.of(
            RIGHT.replace("\"specversion\":\"1.0\",", ""),
            RIGHT.replace("\"1.0\"", "1.0"),
            RIGHT.replace("\"1.0\"", "\"0.3\""),
            RIGHT.replace("\"id\":\"1\"", "\"id\":\"\""),
            RIGHT.replace("\"id\":\"1\"", "\"id\":1"),
            RIGHT.replace("\"/generator\"", "null"),
            RIGHT.replace("\"payment.requested\"", "{}"),
            RIGHT.replace("\"data\"", "\"Data\""),
            RIGHT.replace("\"data\":", "\"data\":{},\"data\":"),
            RIGHT.replace("\"data\":", "\"data_base64\":\"e30=\",\"data\":"),
            RIGHT.replace("\"data\":#", "\"data\":[#]"),
            RIGHT.replace("\"data\":#", "\"data\":\"{}\",\"x\":#"),
            RIGHT.replace("\"time\":null", "\"x\":[[[[[[[[]]]]]]]]"),
            RIGHT + RIGHT);

    private Events() {}

    /** Says of a record that its value is an event, in one of the ways in which that can be said. */
    static void announce(Headers headers, SplittableRandom random) {
        String type = random.nextBoolean() ? TYPE : TYPE.toUpperCase(Locale.ROOT) + " ; charset=UTF-8";
        headers.add(CONTENT_TYPE, type.getBytes(StandardCharsets.UTF_8));
    }

    /** A right event around the bytes. */
    static byte[] around(byte[] command) {
        return filled(RIGHT, command);
    }

    /** A broken event around the bytes. */
    static byte[] brokenAround(byte[] command, SplittableRandom random) {
        return filled(BROKEN.get(random.nextInt(BROKEN.size())), command);
    }

    /** One character per byte, so that no byte is changed. */
    private static byte[] filled(String event, byte[] command) {
        return event.replace(HERE, new String(command, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
