package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import io.tally.store.UserState;
import io.tally.wire.MoneyText;
import io.tally.wire.TimestampText;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/user/{id}}: name, opening time and the balance per currency. */
final class UserHandler implements Handler {
    private final Reads reads;

    UserHandler(Reads reads) {
        this.reads = reads;
    }

    /** The answer; name and opening time are there when the user was opened. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(
            @JsonProperty("user_id") String userId,
            @JsonProperty @Nullable String name,
            @JsonProperty("opened_at") @Nullable String openedAt,
            @JsonProperty Map<String, String> balances) {}

    @Override
    public void handle(Context ctx) {
        String userId = Parameters.userId(ctx);
        reads.answer(
                ctx,
                userId,
                ledger -> ledger.user(userId),
                reply -> Answers.json(ctx, body(Replies.value(reply, Replies.unknownUser(userId)))));
    }

    private Body body(UserState user) {
        JournalEntry opening = user.opening();
        return new Body(
                user.userId(),
                opening == null ? null : opening.command().name(),
                opening == null ? null : TimestampText.format(opening.command().effectiveAt()),
                balances(user));
    }

    private Map<String, String> balances(UserState user) {
        Map<String, String> balances = new TreeMap<>();
        user.headByCurrency().forEach((currency, head) -> balances.put(currency, text(currency, head)));
        return balances;
    }

    private String text(String currency, AccountHead head) {
        int digits = Objects.requireNonNull(reads.gateway().currencies().digits(currency));
        return MoneyText.format(head.balance(), digits);
    }
}
