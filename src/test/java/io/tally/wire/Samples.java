package io.tally.wire;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Money;
import io.tally.ledger.Rejection;
import io.tally.ledger.Source;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Entries that the tests share. Golden files hold their bytes: never change one, only add. */
final class Samples {
    static final CurrencyTable CURRENCIES = CurrencyTables.bundled();
    static final UUID UID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");

    /** 2026-11-23T10:00:00.000Z. */
    static final long TIME = 1_795_428_000_000L;

    private Samples() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One entry of every kind, by name. */
    static Map<String, JournalEntry> entries() {
        Map<String, JournalEntry> all = new LinkedHashMap<>();
        Account usd = new Account("alice", "USD");
        Account yen = new Account("42", "JPY");
        Account longest = new Account("a.b_c:d-".repeat(8), "CLF");
        all.put("open", entry(open("Alice"), 1, 0, null));
        all.put("open-without-name", entry(open(null), 2, 1050, null));
        all.put("open-unicode-name", entry(open("Zoë 𝒵 李"), 1, 0, null));
        all.put("open-user-exists", entry(open("Alice"), 3, 1050, Rejection.USER_EXISTS));
        all.put("deposit", entry(command(CommandType.DEPOSIT, usd, 1050), 2, 1050, null));
        all.put("deposit-yen", entry(command(CommandType.DEPOSIT, yen, 10), 1, 10, null));
        all.put(
                "deposit-largest",
                new JournalEntry(
                        new Command(
                                new UUID(-1, -1),
                                longest,
                                CommandType.DEPOSIT,
                                Money.MAX_AMOUNT,
                                Command.MAX_TIMESTAMP,
                                null,
                                true,
                                true),
                        Long.MAX_VALUE,
                        Money.MAX_BALANCE,
                        null,
                        Command.MAX_TIMESTAMP,
                        new Source(Integer.MAX_VALUE, Long.MAX_VALUE)));
        all.put("deposit-unknown-user", entry(command(CommandType.DEPOSIT, usd, 1), 1, 0, Rejection.UNKNOWN_USER));
        all.put(
                "deposit-overflow",
                entry(
                        command(CommandType.DEPOSIT, usd, Money.MAX_AMOUNT),
                        9,
                        Money.MAX_BALANCE,
                        Rejection.BALANCE_OVERFLOW));
        all.put("withdraw", entry(command(CommandType.WITHDRAW, usd, 5), 3, 1045, null));
        all.put(
                "withdraw-insufficient-funds",
                entry(command(CommandType.WITHDRAW, usd, 100_000), 4, 1045, Rejection.INSUFFICIENT_FUNDS));
        all.put(
                "withdraw-back-dated",
                new JournalEntry(
                        new Command(UID, new Account("u1", "KWD"), CommandType.WITHDRAW, 1001, 0, null, true, true),
                        7,
                        0,
                        null,
                        TIME + 7,
                        new Source(3, 1_234_567)));
        return all;
    }

    /** All of them, and those that only the journal tells apart: an outcome does not say what the client sent. */
    static Map<String, JournalEntry> journalEntries() {
        Map<String, JournalEntry> all = new LinkedHashMap<>(entries());
        Account usd = new Account("alice", "USD");
        all.put("deposit-currency-sent", entry(deposit(usd, true, false), 2, 1050, null));
        all.put("deposit-timestamp-sent", entry(deposit(usd, false, true), 2, 1050, null));
        return all;
    }

    private static Command deposit(Account account, boolean currencySent, boolean timestampSent) {
        return new Command(UID, account, CommandType.DEPOSIT, 1050, TIME, null, currencySent, timestampSent);
    }

    static JournalEntry entry(Command command, long sequence, long balance, Rejection rejection) {
        return new JournalEntry(command, sequence, balance, rejection, TIME, new Source(1, 815));
    }

    static Command command(CommandType type, Account account, long amount) {
        return new Command(UID, account, type, amount, TIME, null, false, false);
    }

    static Command open(String name) {
        return new Command(UID, new Account("alice", "USD"), CommandType.OPEN, 0, TIME, name, false, false);
    }
}
