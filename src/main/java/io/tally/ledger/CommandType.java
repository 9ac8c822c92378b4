package io.tally.ledger;

/** What a command asks for. Constants are named as on the wire. */
public enum CommandType {
    /** Registers the user, with an optional name; moves no money. */
    OPEN,
    /** Adds the amount to the account. */
    DEPOSIT,
    /** Takes the amount from the account, if the balance covers it. */
    WITHDRAW
}
