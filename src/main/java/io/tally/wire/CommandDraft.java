package io.tally.wire;

import org.jspecify.annotations.Nullable;

/** The fields of one command as they were sent, not yet judged. Null counts as absent. */
final class CommandDraft {
    private static final int FIELDS = InputField.values().length;

    private final @Nullable String[] texts = new String[FIELDS];
    private int present;
    private int numbers;

    /** Notes a field whose value is a string. */
    void putString(InputField field, String content) {
        texts[field.ordinal()] = content;
        present |= bit(field);
    }

    /** Notes a field whose value is a number, exactly as it was written. */
    void putNumber(InputField field, String digits) {
        putString(field, digits);
        numbers |= bit(field);
    }

    /** Notes a field whose value is of a JSON kind that cannot be right. */
    void putWrongKind(InputField field) {
        present |= bit(field);
    }

    boolean has(InputField field) {
        return (present & bit(field)) != 0;
    }

    boolean isNumber(InputField field) {
        return (numbers & bit(field)) != 0;
    }

    /** The field's text, or null when it is absent or of a wrong kind. */
    @Nullable
    String text(InputField field) {
        return texts[field.ordinal()];
    }

    private static int bit(InputField field) {
        return 1 << field.ordinal();
    }
}
