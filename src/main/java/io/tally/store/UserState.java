package io.tally.store;

import io.tally.ledger.AccountHead;
import io.tally.ledger.JournalEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a user.
 *
 * @param userId the user
 * @param opening the accepted OPEN, or null when deposits alone made the user known
 * @param headByCurrency the heads of the accounts that were touched
 */
public record UserState(String userId, @Nullable JournalEntry opening, Map<String, AccountHead> headByCurrency) {
    public UserState {
        headByCurrency = Map.copyOf(headByCurrency);
    }
}
