package io.tally.http;

import io.javalin.security.RouteRole;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a token may do. Each is granted by itself. As a route's role it is what the route needs. */
enum Scope implements RouteRole {
    /** Look-ups, of all users. */
    READ,
    /** Commands, for all users. */
    WRITE,
    /** What operators see and change. */
    ADMIN;

    static @Nullable Scope parse(String text) {
        for (Scope scope : values()) {
            if (scope.name().toLowerCase(Locale.ROOT).equals(text)) {
                return scope;
            }
        }
        return null;
    }
}
