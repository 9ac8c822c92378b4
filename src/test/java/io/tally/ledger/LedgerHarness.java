package io.tally.ledger;

/** A ledger with its state: decides commands one after another and applies what was decided. */
final class LedgerHarness {
    final InMemoryLedger state;
    private final Ledger ledger;
    private long offset;

    private LedgerHarness(boolean registrationRequired, InMemoryLedger state) {
        this.ledger = new Ledger(
                new LedgerSettings(4, "USD", registrationRequired, "test", LedgerSettings.RULES_VERSION),
                CommandBuilder.CURRENCIES);
        this.state = state;
    }

    static LedgerHarness open() {
        return new LedgerHarness(false, new InMemoryLedger());
    }

    static LedgerHarness withRegistration() {
        return new LedgerHarness(true, new InMemoryLedger());
    }

    /** The same history, from here on under the registration rule. */
    LedgerHarness thenWithRegistration() {
        return new LedgerHarness(true, InMemoryLedger.replay(state.journal()));
    }

    Decision submit(CommandBuilder command) {
        Decision decision =
                ledger.decide(command.build(), CommandBuilder.FILLED_IN + offset, new Source(0, offset), state);
        offset++;
        if (decision instanceof Decision.Decided decided) {
            state.apply(decided.entry());
        }
        return decision;
    }

    /** Submits a command that must be a new one. */
    JournalEntry decide(CommandBuilder command) {
        Decision decision = submit(command);
        if (decision instanceof Decision.Decided decided) {
            return decided.entry();
        }
        throw new AssertionError("Expected a new outcome, but got " + decision);
    }

    /** Fills alice's USD account up to the largest balance, with deposits of uids from 1,000,000. */
    LedgerHarness fill() {
        for (int i = 0; i < 1_000; i++) {
            decide(CommandBuilder.deposit(Money.MAX_AMOUNT).uid(1_000_000 + i));
        }
        decide(CommandBuilder.deposit(999).uid(1_001_000));
        return this;
    }
}
