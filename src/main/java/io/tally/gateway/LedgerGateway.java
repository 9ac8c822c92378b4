package io.tally.gateway;

import io.tally.ledger.Account;
import io.tally.ledger.AccountHead;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.store.LedgerQuery;
import io.tally.store.LedgerReader;
import io.tally.store.Reading;
import io.tally.store.StatementPage;
import io.tally.store.StatementQuery;
import io.tally.store.UserState;
import io.tally.stream.InstanceAddress;
import io.tally.stream.LedgerStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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

    /** How many input partitions the ledger has. */
    public int partitions() {
        return ledger.settings().partitions();
    }

    /** What this instance is called by those that pass requests on to it: the ledger and, if it has one, its address. */
    public String name() {
        InstanceAddress self = ledger.self();
        return self == null ? ledger.id() : nameOf(self);
    }

    /** What another instance of this ledger is called. */
    public String nameOf(InstanceAddress other) {
        return ledger.id() + "@" + other.hostAndPort();
    }

    /** Whether this instance takes requests: it has run once and is not stopping. */
    public boolean isReady() {
        return ledger.isReady();
    }

    /** Whether the input has no record at a position; false as well when the brokers do not say within 2 s. */
    public CompletableFuture<Boolean> isBeyondInput(Position position) {
        return ledger.inputEnd(position.partition())
                .handle((end, failure) -> failure == null && position.offset() >= end);
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
        return ask(account.userId(), reader -> balance(reader, account, at));
    }

    /** The outcome of this user and uid. */
    public Reply<JournalEntry> outcome(String userId, UUID uid) {
        return ask(userId, reader -> reader.entry(userId, uid));
    }

    /**
     * The outcomes of this uid, of whatever users.
     *
     * @param partitions where to look
     * @return found, if perhaps empty, when every partition has answered or another instance answers for it
     */
    public Reply<UidSearch> outcomes(UUID uid, Set<Integer> partitions) {
        List<JournalEntry> entries = new ArrayList<>();
        Map<InstanceAddress, Set<Integer>> elsewhere = new HashMap<>();
        for (int partition : partitions) {
            Reply<List<JournalEntry>> some = ask(partition, reader -> reader.entries(uid, MAX_SAME_UID));
            if (some instanceof Reply.Unavailable<List<JournalEntry>> unavailable) {
                return new Reply.Unavailable<>(unavailable.reason());
            }
            if (some instanceof Reply.Elsewhere<List<JournalEntry>> other) {
                elsewhere
                        .computeIfAbsent(other.owner(), ignored -> new TreeSet<>())
                        .add(partition);
            }
            if (some instanceof Reply.Found<List<JournalEntry>> found) {
                entries.addAll(found.value());
            }
        }
        return new Reply.Found<>(new UidSearch(entries, elsewhere));
    }

    /** What is known of a user. */
    public Reply<UserState> user(String userId) {
        return ask(userId, reader -> reader.user(userId));
    }

    /** A page of an account's entries, rejected ones included. */
    public Reply<StatementPage> statement(Account account, StatementQuery query) {
        return ask(
                account.userId(),
                reader -> isKnown(reader, account, reader.head(account)) ? reader.statement(account, query) : null);
    }

    private static @Nullable Balance balance(LedgerReader reader, Account account, @Nullable Long at) {
        AccountHead head = reader.head(account);
        if (!isKnown(reader, account, head)) {
            return null;
        }
        long minorUnits = at == null ? head.balance() : reader.balanceAt(account, at);
        return new Balance(account, minorUnits, head.sequence(), at);
    }

    private static boolean isKnown(LedgerReader reader, Account account, AccountHead head) {
        // One look instead of a search: whoever was deposited to is known.
        return head.funded() || reader.user(account.userId()) != null;
    }

    private <T> Reply<T> ask(String userId, Function<LedgerReader, @Nullable T> question) {
        return ask(ledger.partitionOf(userId), question);
    }

    private <T> Reply<T> ask(int partition, Function<LedgerReader, @Nullable T> question) {
        long minInputOffset = after != null && after.partition() == partition ? after.offset() + 1 : 0;
        Reading<T> reading = ledger.ask(partition, new LedgerQuery<>(minInputOffset, question));
        if (reading instanceof Reading.Refused<T> refused) {
            InstanceAddress owner = ledger.otherOwnerOf(partition);
            return owner == null ? new Reply.Unavailable<>(refused.reason()) : new Reply.Elsewhere<>(owner);
        }
        T value = ((Reading.Answered<T>) reading).value();
        return value == null ? new Reply.Absent<>() : new Reply.Found<>(value);
    }
}
