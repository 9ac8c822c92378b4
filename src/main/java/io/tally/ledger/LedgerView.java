package io.tally.ledger;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a decision may look at: everything decided so far. */
public interface LedgerView {
    /** The entry of this user and uid, in any currency, or null when the uid was never decided. */
    @Nullable
    JournalEntry entry(String userId, UUID uid);

    /** The account's head, {@link AccountHead#EMPTY} when it was never touched. */
    AccountHead head(Account account);

    /** Whether an OPEN was accepted for the user. */
    boolean opened(String userId);
}
