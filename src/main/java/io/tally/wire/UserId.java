package io.tally.wire;

/** The form of user ids: {@code [A-Za-z0-9][A-Za-z0-9._:-]{0,63}}. They are ASCII and need no escaping in JSON. */
public final class UserId {
    /** The longest user id, in characters. */
    public static final int MAX_LENGTH = 64;

    private UserId() {}

    public static boolean isValid(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_LENGTH || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != ':' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
