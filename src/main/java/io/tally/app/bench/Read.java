package io.tally.app.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Looks up a balance. The answer is not parsed: that would cost more than the rest of the load. */
record Read(byte[] request, byte[] beginning) implements Attempt {
    static Read of(HttpTarget target, User user) {
        return new Read(
                target.get(path(user)), ("{\"user_id\":\"" + user.id() + "\",").getBytes(StandardCharsets.US_ASCII));
    }

    static String path(User user) {
        return "/v1/user/" + user.id() + "/balance";
    }

    @Override
    public @Nullable String fault(HttpAnswer answer) {
        if (answer.status() != 200) {
            return Integer.toString(answer.status());
        }
        byte[] body = answer.body();
        return body.length > beginning.length
                        && Arrays.equals(body, 0, beginning.length, beginning, 0, beginning.length)
                ? null
                : "not this user's balance";
    }

    @Override
    public void unanswered() {}
}
