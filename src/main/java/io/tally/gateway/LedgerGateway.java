package io.tally.gateway;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.CurrencyTable;
import io.tally.store.LedgerQuery;
import io.tally.store.LedgerReader;
import io.tally.store.UserState;
import io.tally.stream.LedgerStreams;
import io.tally.stream.Reading;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the ledger of this process. Thread-safe; never waits. */
public final class LedgerGateway {
    private final LedgerStreams ledger;

    public LedgerGateway(LedgerStreams ledger) {
        this.ledger = ledger;
    }

    /** Whether this instance takes requests: it has run once and is not stopping. */
    public boolean isReady() {
        return ledger.isReady();
    }

    /** The currencies of the ledger. */
    public CurrencyTable currencies() {
        return ledger.currencies();
    }

    /** The currency of requests that name none. */
    public String defaultCurrency() {
        return ledger.settings().defaultCurrency();
    }

    /**
     * The balance of an account. A known user's untouched account has balance 0 and sequence 0.
     *
     * @param at counts only what is effective at or before it, milliseconds since 1970 UTC; null counts everything
     */
    public Reply<Balance> balance(Account account, @Nullable Long at) {
        return ask(account.userId(), reader -> {
            UserState user = reader.user(account.userId());
            return user == null ? null : balance(reader, user, account, at);
        });
    }

    private static Balance balance(LedgerReader reader, UserState user, Account account, @Nullable Long at) {
        AccountHead head = user.headByCurrency().getOrDefault(account.currency(), AccountHead.EMPTY);
        long minorUnits = at == null ? head.balance() : reader.balanceAt(account, at);
        return new Balance(account, minorUnits, head.sequence(), at);
    }

    private <T> Reply<T> ask(String userId, Function<LedgerReader, @Nullable T> question) {
        Reading<T> reading = ledger.ask(ledger.partitionOf(userId), new LedgerQuery<>(0, question));
        if (reading instanceof Reading.Refused<T> refused) {
            return new Reply.Unavailable<>(refused.reason());
        }
        T value = ((Reading.Answered<T>) reading).value();
        return value == null ? new Reply.Absent<>() : new Reply.Found<>(value);
    }
}
