package io.tally.http;

import io.javalin.http.Context;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of an endpoint as HTTP has it: {@code ETag} in answers, {@code If-Match} in requests (RFC 9110, 13.1.1). */
final class EntityTag {
    private static final String IF_MATCH = "If-Match";
    private static final Pattern FORM = Pattern.compile("\"([0-9]{1,18})\"");

    private EntityTag() {}

    static void write(Context ctx, long version) {
        ctx.header("ETag", "\"" + version + "\"");
    }

    /**
     * The version that a change is meant for, or null when any will do.
     *
     * @throws RequestRefusedException if it is no tag that we gave
     */
    static @Nullable Long expected(Context ctx) {
        String header = ctx.header(IF_MATCH);
        if (header == null || header.equals("*")) {
            return null;
        }
        Matcher tag = FORM.matcher(header);
        if (!tag.matches()) {
            throw Parameters.invalid(IF_MATCH, "Expected one ETag as it was given, or *");
        }
        return Long.valueOf(tag.group(1));
    }
}
