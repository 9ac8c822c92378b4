package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.Balance;
import io.tally.gateway.LedgerGateway;
import io.tally.gateway.Reply;
import io.tally.ledger.Account;
import io.tally.wire.MoneyText;
import io.tally.wire.TimestampText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/user/{id}/balance[?date=][&currency=]}. */
final class BalanceHandler implements Handler {
    private final LedgerGateway gateway;

    BalanceHandler(LedgerGateway gateway) {
        this.gateway = gateway;
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
        Account account = new Account(Parameters.userId(ctx), currency(ctx));
        Reply<Balance> reply = gateway.balance(account, Parameters.date(ctx));
        if (reply instanceof Reply.Found<Balance> found) {
            ctx.json(body(found.value()));
        } else if (reply instanceof Reply.Absent<Balance>) {
            throw new RequestRefusedException(Problem.of(
                    ProblemCode.UNKNOWN_USER, "No user " + account.userId() + " was opened or deposited to"));
        } else if (reply instanceof Reply.Unavailable<Balance> unavailable) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.UNAVAILABLE, unavailable.reason() + "; try again in a second"));
        }
    }

    private String currency(Context ctx) {
        String currency = ctx.queryParam("currency");
        if (currency == null) {
            return gateway.defaultCurrency();
        }
        if (gateway.currencies().digits(currency) == null) {
            throw Parameters.invalid("currency", "Expected an ISO 4217 code in upper case, such as USD");
        }
        return currency;
    }

    private Body body(Balance balance) {
        String currency = balance.account().currency();
        int digits = Objects.requireNonNull(gateway.currencies().digits(currency));
        Long asOf = balance.asOf();
        return new Body(
                balance.account().userId(),
                currency,
                MoneyText.format(balance.minorUnits(), digits),
                balance.sequence(),
                asOf == null ? null : TimestampText.format(asOf));
    }
}
