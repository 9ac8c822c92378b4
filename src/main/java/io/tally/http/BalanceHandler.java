package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.ledger.Account;
import io.tally.wire.MoneyText;
import io.tally.wire.TimestampText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/user/{id}/balance[?date=][&currency=]}. */
final class BalanceHandler implements Handler {
    private final Reads reads;

    BalanceHandler(Reads reads) {
        this.reads = reads;
    }

    /** The answer; {@code as_of} is there when a date was asked for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Body(
            @JsonProperty("user_id") String userId,
            @JsonProperty String currency,
            @JsonProperty String balance,
            @JsonProperty long sequence,
            @JsonProperty("as_of") @Nullable String asOf) {}

    @Override
    public void handle(Context ctx) {
        LedgerGateway gateway = reads.gateway();
        Account account = new Account(
                Parameters.userId(ctx), Parameters.currency(ctx, gateway.currencies(), gateway.defaultCurrency()));
        Long date = Parameters.time(ctx, "date");
        reads.answer(
                ctx,
                account.userId(),
                ledger -> ledger.balance(account, date),
                reply -> Answers.json(ctx, body(Replies.value(reply, Replies.unknownUser(account.userId())))));
    }

    private Body body(Balance balance) {
        String currency = balance.account().currency();
        int digits = Objects.requireNonNull(reads.gateway().currencies().digits(currency));
        Long asOf = balance.asOf();
        return new Body(
                balance.account().userId(),
                currency,
                MoneyText.format(balance.minorUnits(), digits),
                balance.sequence(),
                asOf == null ? null : TimestampText.format(asOf));
    }
}
