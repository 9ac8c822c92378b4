package io.tally.store;

import io.tally.ledger.Account;
import io.tally.ledger.Command;
import io.tally.ledger.CommandType;
import java.util.UUID;

/** Commands in short. */
final class Commands {
    static final long NOON = 1_700_000_000_000L;

    private Commands() {}

    static Command open(String userId, String name) {
        Account account = new Account(userId, "USD");
        return new Command(UUID.randomUUID(), account, CommandType.OPEN, 0, NOON, name, false, true);
    }

    static Command deposit(String userId, long amount) {
        return deposit(new Account(userId, "USD"), amount, NOON);
    }

    static Command deposit(Account account, long amount, long effectiveAt) {
        return command(UUID.randomUUID(), account, CommandType.DEPOSIT, amount, effectiveAt);
    }

    static Command withdraw(String userId, long amount) {
        return withdraw(new Account(userId, "USD"), amount, NOON);
    }

    static Command withdraw(Account account, long amount, long effectiveAt) {
        return command(UUID.randomUUID(), account, CommandType.WITHDRAW, amount, effectiveAt);
    }

    static Command command(UUID uid, Account account, CommandType type, long amount, long effectiveAt) {
        return new Command(uid, account, type, amount, effectiveAt, null, true, true);
    }
}
