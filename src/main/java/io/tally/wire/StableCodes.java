package io.tally.wire;

import io.tally.ledger.CommandType;
import io.tally.ledger.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand for enum constants in the journal. They are stored for ever: never change or reuse one, add
 * new ones at the end. One byte each, 0 to 127.
 */
final class StableCodes {
    private static final int ACCEPTED = 0;

    private StableCodes() {}

    static int of(CommandType type) {
        return switch (type) {
            case OPEN -> 1;
            case DEPOSIT -> 2;
            case WITHDRAW -> 3;
        };
    }

    /** @throws IllegalArgumentException if no type has the code */
    static CommandType type(int code) {
        return switch (code) {
            case 1 -> CommandType.OPEN;
            case 2 -> CommandType.DEPOSIT;
            case 3 -> CommandType.WITHDRAW;
            default -> throw new IllegalArgumentException("Expected the code of a command type, but got " + code);
        };
    }

    /** The code of a verdict; null stands for acceptance. */
    static int of(@Nullable Rejection rejection) {
        if (rejection == null) {
            return ACCEPTED;
        }
        return switch (rejection) {
            case UNKNOWN_USER -> 1;
            case USER_EXISTS -> 2;
            case INSUFFICIENT_FUNDS -> 3;
            case BALANCE_OVERFLOW -> 4;
        };
    }

    /** @throws IllegalArgumentException if no verdict has the code */
    static @Nullable Rejection rejection(int code) {
        return switch (code) {
            case ACCEPTED -> null;
            case 1 -> Rejection.UNKNOWN_USER;
            case 2 -> Rejection.USER_EXISTS;
            case 3 -> Rejection.INSUFFICIENT_FUNDS;
            case 4 -> Rejection.BALANCE_OVERFLOW;
            default -> throw new IllegalArgumentException("Expected the code of a verdict, but got " + code);
        };
    }
}
