package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.Position;
import io.tally.ledger.CurrencyTable;
import io.tally.wire.TimestampText;
import io.tally.wire.UidText;
import io.tally.wire.UserId;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads parameters, refusing those that are not valid. */
final class Parameters {
    private static final String USER_ID_FORM =
            "Expected 1 to 64 characters of A-Z a-z 0-9 . _ : - that start with a letter or digit";

    /** The media type of what is sent and answered. */
    static final String JSON = "application/json";

    static final String POSITION = "Tally-Position";

    /** The coding of a body that is as it is. */
    private static final String IDENTITY = "identity";

    /** What is expected of a time, in a query or a body. */
    static final String TIME =
            "Expected an ISO 8601 date or time of the years 1970 to 9999, such as 2026-01-31T10:00:00Z";

    /** What is expected of a cursor. */
    static final String CURSOR = "Expected next_cursor as it was given";

    /**
     * The largest number of a partition that is read. More than {@code TALLY_PARTITIONS} allows: that bounds the topics that
     * Tally makes, and topics made by hand, those of dead letters above all, have as many as they were given. A number that
     * the topic does not have is refused when it is looked for.
     */
    static final int MAX_PARTITION = 99_999;

    /** The digits of such a number, as a pattern. */
    static final String PARTITION = "[0-9]{1,5}";

    /** Items of a page whose size was not asked for. */
    private static final int DEFAULT_LIMIT = 50;

    private Parameters() {}

    static String userId(Context ctx) {
        String userId = ctx.pathParam("id");
        if (!UserId.isValid(userId)) {
            throw invalid("id", USER_ID_FORM);
        }
        return userId;
    }

    /** The user that a query names, or null when it names none. */
    static @Nullable String userIdOfQuery(Context ctx) {
        String userId = Query.of(ctx).value("user_id");
        if (userId != null && !UserId.isValid(userId)) {
            throw invalid("user_id", USER_ID_FORM);
        }
        return userId;
    }

    static UUID uid(Context ctx) {
        UUID uid = UidText.parse(ctx.pathParam("uid"));
        if (uid == null) {
            throw invalid("uid", "Expected 8-4-4-4-12 hexadecimal digits");
        }
        return uid;
    }

    /**
     * The body's media type. Bodies that do not say what they are are refused: a browser's form must not move money; and so
     * are compressed ones, with what is taken (RFC 9110, 15.5.16).
     *
     * @param expected the types that are read, in lower case
     */
    static String requireOneOf(Context ctx, String... expected) {
        // Not ctx.contentType(), which fails on a charset that it does not know.
        String type = ctx.header("Content-Type");
        String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!List.of(expected).contains(bare)) {
            throw new RequestRefusedException(Problem.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: " + String.join(" or ", expected)));
        }
        if (isCoded(ctx)) {
            ctx.header("Accept-Encoding", IDENTITY);
            throw new RequestRefusedException(Problem.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Send the body uncompressed, without Content-Encoding"));
        }
        return bare;
    }

    private static boolean isCoded(Context ctx) {
        return Collections.list(ctx.req().getHeaders("Content-Encoding")).stream()
                .map(String::strip)
                .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase(IDENTITY));
    }

    /** Milliseconds since 1970 UTC, or null when the parameter was not sent. */
    static @Nullable Long time(Context ctx, String name) {
        String text = Query.of(ctx).value(name);
        if (text == null) {
            return null;
        }
        long millis = TimestampText.parse(text);
        if (millis == TimestampText.INVALID) {
            throw invalid(name, TIME);
        }
        return millis;
    }

    /** A currency of the table. */
    static String currency(Context ctx, CurrencyTable currencies, String otherwise) {
        String currency = Query.of(ctx).value("currency");
        if (currency == null) {
            return otherwise;
        }
        if (currencies.digits(currency) == null) {
            throw invalid("currency", "Expected an ISO 4217 code in upper case, such as USD");
        }
        return currency;
    }

    /** A whole number in a range. */
    static int number(Context ctx, String name, int min, int max, int otherwise) {
        String text = Query.of(ctx).value(name);
        if (text == null) {
            return otherwise;
        }
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : min - 1;
        if (number < min || number > max) {
            throw invalid(name, "Expected a number from " + min + " to " + max);
        }
        return number;
    }

    /** How many items a page may have. */
    static int limit(Context ctx, int max) {
        return number(ctx, "limit", 1, max, DEFAULT_LIMIT);
    }

    /**
     * Where the page before has ended, or null for the first page.
     *
     * @param parse reads the clients' form; null when it is none
     * @param fits whether it goes with what else was asked for
     * @param expected what is said of one that is none, or does not fit
     */
    static <C> @Nullable C cursor(
            Context ctx, Function<String, @Nullable C> parse, Predicate<C> fits, String expected) {
        String text = Query.of(ctx).value("cursor");
        if (text == null) {
            return null;
        }
        C cursor = parse.apply(text);
        if (cursor == null || !fits.test(cursor)) {
            throw invalid("cursor", expected);
        }
        return cursor;
    }

    /** What a word stands for, or null when the parameter was not sent. */
    static @Nullable Boolean choice(Context ctx, String name, Map<String, Boolean> words) {
        String word = Query.of(ctx).value(name);
        if (word == null) {
            return null;
        }
        Boolean meaning = words.get(word);
        if (meaning == null) {
            throw invalid(name, "Expected one of " + String.join(", ", new TreeSet<>(words.keySet())));
        }
        return meaning;
    }

    /** What the client has written and wants to read, or null when it sent nothing of the kind. */
    static @Nullable Position position(Context ctx) {
        String text = ctx.header(POSITION);
        if (text == null) {
            return null;
        }
        Position position = Position.parse(text);
        if (position == null) {
            throw invalid(POSITION, "Expected the header as it was given");
        }
        return position;
    }

    static RequestRefusedException invalid(String parameter, String detail) {
        return new RequestRefusedException(Problem.of(
                ProblemCode.INVALID_PARAMETER, parameter + ": " + detail, new Problem.FieldError(parameter, detail)));
    }
}
