package io.tally.gateway;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.store.LedgerQuery;
import io.tally.store.LedgerReader;
import io.tally.store.StatementPage;
import io.tally.store.StatementQuery;
import io.tally.store.UserState;
import io.tally.stream.LedgerStreams;
import io.tally.stream.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the ledger of this process. Thread-safe; never waits. */
public final class LedgerGateway {
    /** Two are enough to know that a uid says too little. */
    private static final int MAX_SAME_UID = 2;

    private final LedgerStreams ledger;
    private final @Nullable Position after;

    /** Asks for any committed state. */
    public LedgerGateway(LedgerStreams ledger) {
        this(ledger, null);
    }

    private LedgerGateway(LedgerStreams ledger, @Nullable Position after) {
        this.ledger = ledger;
        this.after = after;
    }

    /** The same ledger; the position's partition answers only when its committed state has passed it. */
    public LedgerGateway after(Position position) {
        return new LedgerGateway(ledger, position);
    }

    /** The input partition of a user. */
    public int partitionOf(String userId) {
        return ledger.partitionOf(userId);
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

    /** The outcome of this user and uid. */
    public Reply<JournalEntry> outcome(String userId, UUID uid) {
        return ask(userId, reader -> reader.entry(userId, uid));
    }

    /**
     * The outcomes of this uid, of whatever users: 404 only when every partition has answered.
     */
    public Reply<List<JournalEntry>> outcomes(UUID uid) {
        List<JournalEntry> all = new ArrayList<>();
        for (int partition = 0; partition < ledger.settings().partitions(); partition++) {
            Reply<List<JournalEntry>> some = ask(partition, reader -> reader.entries(uid, MAX_SAME_UID));
            if (some instanceof Reply.Unavailable<List<JournalEntry>>) {
                return some;
            }
            if (some instanceof Reply.Found<List<JournalEntry>> found) {
                all.addAll(found.value());
            }
        }
        return all.isEmpty() ? new Reply.Absent<>() : new Reply.Found<>(all);
    }

    /** What is known of a user. */
    public Reply<UserState> user(String userId) {
        return ask(userId, reader -> reader.user(userId));
    }

    /** A page of an account's entries, rejected ones included. */
    public Reply<StatementPage> statement(Account account, StatementQuery query) {
        return ask(
                account.userId(),
                reader -> reader.user(account.userId()) == null ? null : reader.statement(account, query));
    }

    private static Balance balance(LedgerReader reader, UserState user, Account account, @Nullable Long at) {
        AccountHead head = user.headByCurrency().getOrDefault(account.currency(), AccountHead.EMPTY);
        long minorUnits = at == null ? head.balance() : reader.balanceAt(account, at);
        return new Balance(account, minorUnits, head.sequence(), at);
    }

    private <T> Reply<T> ask(String userId, Function<LedgerReader, @Nullable T> question) {
        return ask(ledger.partitionOf(userId), question);
    }

    private <T> Reply<T> ask(int partition, Function<LedgerReader, @Nullable T> question) {
        long minInputOffset = after != null && after.partition() == partition ? after.offset() + 1 : 0;
        Reading<T> reading = ledger.ask(partition, new LedgerQuery<>(minInputOffset, question));
        if (reading instanceof Reading.Refused<T> refused) {
            return new Reply.Unavailable<>(refused.reason());
        }
        T value = ((Reading.Answered<T>) reading).value();
        return value == null ? new Reply.Absent<>() : new Reply.Found<>(value);
    }
}
