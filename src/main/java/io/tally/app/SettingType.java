package io.tally.app;

import java.util.regex.Pattern;
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
}
