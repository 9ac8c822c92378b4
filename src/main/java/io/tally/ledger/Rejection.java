package io.tally.ledger;

/**
 * Why a well-formed command was refused. When several hold, the first in this order is the reason: a command about a
 * user that does not exist says nothing about money.
 */
public enum Rejection {
    /** The ledger requires registration and the user was never opened. */
    UNKNOWN_USER,
    /** An OPEN was already accepted for the user. */
    USER_EXISTS,
    /** The withdrawal is larger than the balance. */
    INSUFFICIENT_FUNDS,
    /** The deposit would lift the balance above {@link Money#MAX_BALANCE}. */
    BALANCE_OVERFLOW
}
