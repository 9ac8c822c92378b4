package io.tally.store;

import io.tally.ledger.Command;
import io.tally.ledger.CurrencyTable;
import io.tally.ledger.Decision;
import io.tally.ledger.JournalEntry;
import io.tally.ledger.Ledger;
import io.tally.ledger.LedgerSettings;
import io.tally.ledger.LedgerView;
import io.tally.ledger.Source;
import io.tally.wire.JournalCodec;
import java.util.Map;

/** Makes true journal entries: every command here is decided by the ledger's own rules. */
final class Decider {
    static final LedgerSettings SETTINGS = new LedgerSettings(1, "USD", false, "test", LedgerSettings.RULES_VERSION);

    private static final CurrencyTable CURRENCIES = new CurrencyTable("test", Map.of("USD", 2, "EUR", 2, "JPY", 0));

    private final Ledger ledger = new Ledger(SETTINGS, CURRENCIES);
    private long offset;

    JournalEntry decide(Command command, LedgerView view) {
        Decision decision = ledger.decide(command, Commands.NOON, new Source(0, offset++), view);
        if (decision instanceof Decision.Decided decided) {
            return decided.entry();
        }
        throw new AssertionError("Expected a new command, but got " + decision);
    }

    /** Decides over the overlay and applies to it, as the processor does. */
    JournalEntry apply(Command command, Overlay overlay) {
        JournalEntry entry = decide(command, overlay);
        if (!apply(entry, overlay)) {
            throw new AssertionError("Expected the entry to be taken: " + entry);
        }
        return entry;
    }

    static boolean apply(JournalEntry entry, Overlay overlay) {
        return overlay.apply(entry, JournalCodec.value(entry));
    }
}
