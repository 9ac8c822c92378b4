package io.tally.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The rules. A pure function of the command, its place in the input and everything decided before; immutable and
 * thread-safe.
 *
 * <p>Idempotency comes before state: whether a uid was seen is asked first, so a repeat gets its first outcome whatever
 * has become of the account, and a rejected uid stays rejected.
 */
public final class Ledger {
    private final LedgerSettings settings;
    private final CurrencyTable currencies;

    public Ledger(LedgerSettings settings, CurrencyTable currencies) {
        this.settings = settings;
        this.currencies = currencies;
    }

    /**
     * Decides one command.
     *
     * @param recordedAt the input record's time, milliseconds since 1970 UTC
     * @param source where in the input the command stands
     */
    public Decision decide(Command command, long recordedAt, Source source, LedgerView view) {
        JournalEntry first = view.entry(command.userId(), command.uid());
        if (first != null) {
            CommandField difference = CommandField.firstDifference(first.command(), command, currencies);
            return difference == null ? new Decision.Repeated(first) : new Decision.Conflicting(first, difference);
        }
        AccountHead head = view.head(command.account());
        Rejection rejection = rejection(command, head, view);
        long balance = rejection == null ? balanceAfter(command, head) : head.balance();
        return new Decision.Decided(
                new JournalEntry(command, head.sequence() + 1, balance, rejection, recordedAt, source));
    }

    private @Nullable Rejection rejection(Command command, AccountHead head, LedgerView view) {
        return switch (command.type()) {
            case OPEN -> view.opened(command.userId()) ? Rejection.USER_EXISTS : null;
            case DEPOSIT ->
                unknown(command, view)
                        ? Rejection.UNKNOWN_USER
                        : command.amount() > Money.MAX_BALANCE - head.balance() ? Rejection.BALANCE_OVERFLOW : null;
            case WITHDRAW ->
                unknown(command, view)
                        ? Rejection.UNKNOWN_USER
                        : command.amount() > head.balance() ? Rejection.INSUFFICIENT_FUNDS : null;
        };
    }

    private boolean unknown(Command command, LedgerView view) {
        return settings.registrationRequired() && !view.opened(command.userId());
    }

    private static long balanceAfter(Command command, AccountHead head) {
        return switch (command.type()) {
            case OPEN -> head.balance();
            case DEPOSIT -> head.balance() + command.amount();
            case WITHDRAW -> head.balance() - command.amount();
        };
    }
}
