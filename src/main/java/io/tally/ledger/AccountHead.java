package io.tally.ledger;

/**
 * Where an account stands after its latest entry.
 *
 * @param sequence the latest entry's sequence; 0 when there is none
 * @param balance in minor units
 * @param funded whether a deposit was ever accepted, which makes the user known without an OPEN
 */
public record AccountHead(long sequence, long balance, boolean funded) {
    /** An account that no command was decided for. */
    public static final AccountHead EMPTY = new AccountHead(0, 0, false);

    /** The head that follows from the account's next entry. */
    public AccountHead after(JournalEntry entry) {
        boolean deposited = entry.accepted() && entry.command().type() == CommandType.DEPOSIT;
        return new AccountHead(entry.sequence(), entry.balance(), funded || deposited);
    }
}
