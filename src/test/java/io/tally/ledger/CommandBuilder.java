package io.tally.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Commands for tests. What is not set is as if the client had not sent it: USD, and time {@link #FILLED_IN}. */
final class CommandBuilder {
    static final CurrencyTable CURRENCIES = CurrencyTable.parse("version,test\nUSD,2\nEUR,2\nJPY,0\nKWD,3\nCLF,4");
    static final long FILLED_IN = 1_700_000_000_000L;

    private final CommandType type;
    private final long amount;
    private UUID uid = new UUID(0, 1);
    private String user = "alice";
    private String currency = "USD";
    private boolean currencySent;
    private long effectiveAt = FILLED_IN;
    private boolean timestampSent;
    private @Nullable String name;

    private CommandBuilder(CommandType type, long amount) {
        this.type = type;
        this.amount = amount;
    }

    static CommandBuilder open() {
        return new CommandBuilder(CommandType.OPEN, 0);
    }

    /** @param amount in minor units */
    static CommandBuilder deposit(long amount) {
        return new CommandBuilder(CommandType.DEPOSIT, amount);
    }

    /** @param amount in minor units */
    static CommandBuilder withdraw(long amount) {
        return new CommandBuilder(CommandType.WITHDRAW, amount);
    }

    CommandBuilder uid(long number) {
        uid = new UUID(0, number);
        return this;
    }

    CommandBuilder user(String id) {
        user = id;
        return this;
    }

    CommandBuilder currency(String code) {
        currency = code;
        currencySent = true;
        return this;
    }

    CommandBuilder timestamp(long millis) {
        effectiveAt = millis;
        timestampSent = true;
        return this;
    }

    /** The time that was filled in for a client that sent none. */
    CommandBuilder filledInTimestamp(long millis) {
        effectiveAt = millis;
        timestampSent = false;
        return this;
    }

    CommandBuilder name(String text) {
        name = text;
        return this;
    }

    Command build() {
        return new Command(
                uid, new Account(user, currency), type, amount, effectiveAt, name, currencySent, timestampSent);
    }
}
