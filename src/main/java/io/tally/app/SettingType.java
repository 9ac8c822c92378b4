package io.tally.app;

import io.tally.stream.InstanceAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What values a setting takes. */
sealed interface SettingType {
    /** Says what is expected when the value is not allowed, else null. */
    @Nullable
    String expectation(String value);

    /** {@code true} or {@code false}. */
    record Flag() implements SettingType {
        @Override
        public @Nullable String expectation(String value) {
            return value.equals("true") || value.equals("false") ? null : "true or false";
        }
    }

    /** A whole number, both ends included. */
    record WholeNumber(int min, int max) implements SettingType {
        @Override
        public @Nullable String expectation(String value) {
            boolean allowed =
                    value.matches("\\d{1,9}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max;
            return allowed ? null : "a whole number from " + min + " to " + max;
        }
    }

    /** Text of one form. */
    record Text(Pattern form, String description) implements SettingType {
        static final Text ANY = new Text(".+", "text");

        Text(String form, String description) {
            this(Pattern.compile(form), description);
        }

        @Override
        public @Nullable String expectation(String value) {
            return form.matcher(value).matches() ? null : description;
        }
    }

    /** A comma-separated list of {@code host:port}, as Kafka's clients take it: a host's name may have underscores. */
    record Servers() implements SettingType {
        private static final Pattern SERVER = Pattern.compile("(?:\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):([0-9]{1,5})");
        private static final int MAX_PORT = 65_535;

        @Override
        public @Nullable String expectation(String value) {
            boolean allowed = Stream.of(value.split("\\s*,\\s*", -1)).allMatch(Servers::isAllowed);
            return allowed ? null : "a list of host:port with ports from 1 to 65535";
        }

        private static boolean isAllowed(String server) {
            Matcher parts = SERVER.matcher(server);
            if (!parts.matches()) {
                return false;
            }
            int port = Integer.parseInt(parts.group(1));
            return port >= 1 && port <= MAX_PORT;
        }
    }

    /** {@code host:port} that can stand in a URL, as other instances use it. */
    record Server() implements SettingType {
        @Override
        public @Nullable String expectation(String value) {
            return Servers.isAllowed(value) && InstanceAddress.isAddress(value)
                    ? null
                    : "one host:port without underscores, with a port from 1 to 65535";
        }
    }

    /** A list of 1 to 20 waits of 100 ms to 24 h, each a whole number of {@code ms}, {@code s}, {@code m} or {@code h}. */
    record Waits() implements SettingType {
        private static final int MAX = 20;
        private static final Duration SHORTEST = Duration.ofMillis(100);
        private static final Duration LONGEST = Duration.ofHours(24);
        private static final Pattern WAIT = Pattern.compile("([0-9]{1,8})(ms|s|m|h)");

        @Override
        public @Nullable String expectation(String value) {
            String[] waits = value.split(",", -1);
            boolean allowed = waits.length <= MAX && Stream.of(waits).allMatch(Waits::isAllowed);
            return allowed ? null : "a list of 1 to 20 waits of 100ms to 24h";
        }

        private static boolean isAllowed(String text) {
            if (!WAIT.matcher(text).matches()) {
                return false;
            }
            Duration wait = parse(text);
            return wait.compareTo(SHORTEST) >= 0 && wait.compareTo(LONGEST) <= 0;
        }

        /** The waits of a value that is allowed. */
        static List<Duration> of(String value) {
            return Stream.of(value.split(",", -1)).map(Waits::parse).toList();
        }

        private static Duration parse(String text) {
            Matcher wait = WAIT.matcher(text);
            if (!wait.matches()) {
                throw new IllegalArgumentException("Expected a wait like 5s, but got " + text);
            }
            long number = Long.parseLong(wait.group(1));
            return switch (wait.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }
}
