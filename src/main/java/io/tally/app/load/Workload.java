package io.tally.app.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Commands by number, from 0: each follows from the seed and its number alone, so that nothing of millions of them must be kept.
 *
 * <p>Nine in ten are deposits of 0.01 to 100.00, the others withdrawals of as much, of which those that come before enough
 * deposits are rejected. Users are drawn uniformly. Uids look like random ones, as those of clients do: neither a database nor
 * compression can make use of the numbers.
 *
 * @param seed tells workloads apart: no two have a uid in common
 * @param users whose accounts are used, at least 1
 * @param dated whether commands say when they take effect, one minute apart, one in a hundred up to 30 days late; else
 *     they take effect when they are recorded
 */
public record Workload(long seed, int users, boolean dated) {
    /** When the first command of a dated workload takes effect. */
    public static final Instant FIRST_DATE = Instant.parse("2020-01-01T00:00:00Z");

    private static final long STEP_MILLIS = 60_000;
    private static final int LATE_ONE_IN = 100;
    private static final int LATE_STEPS = 30 * 24 * 60;

    private static final int WITHDRAWAL_ONE_IN = 10;
    private static final int MAX_AMOUNT = 10_000;
    private static final String USER = "user-";

    /** The golden ratio's fraction, as in SplittableRandom; odd, and so invertible modulo 2^64. */
    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private static final long ODD_INVERSE = inverse(ODD);

    public Workload {
        if (users < 1) {
            throw new IllegalArgumentException("Expected at least 1 user, but got " + users);
        }
    }

    /** Which user a command is of, from 0. */
    public int user(long command) {
        return (int) Long.remainderUnsigned(draw(command, 1), users);
    }

    /** The id on the wire, which is also the record's key. */
    public String userId(int user) {
        return USER + user;
    }

    /** Which user has this id, or -1 for none of this workload. */
    public int userOf(String userId) {
        if (!userId.startsWith(USER)) {
            return -1;
        }
        try {
            int user = Integer.parseInt(userId.substring(USER.length()));
            return user < users && userId.equals(userId(user)) ? user : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** What a command moves if it is accepted, in hundredths; below zero for a withdrawal. */
    public long amount(long command) {
        long draw = draw(command, 2);
        long amount = 1 + Long.remainderUnsigned(draw >>> 8, MAX_AMOUNT);
        return Long.remainderUnsigned(draw(command, 3), WITHDRAWAL_ONE_IN) == 0 ? -amount : amount;
    }

    /** When a command of a dated workload takes effect, in milliseconds since 1970. */
    public long effectiveMillis(long command) {
        long draw = draw(command, 4);
        long late = Long.remainderUnsigned(draw, LATE_ONE_IN) == 0
                ? Long.remainderUnsigned(draw >>> 8, Math.min(LATE_STEPS, command + 1))
                : 0;
        return FIRST_DATE.toEpochMilli() + (command - late) * STEP_MILLIS;
    }

    /** The uid of a command. */
    public UUID uid(long command) {
        long low = mix(command + salt());
        return new UUID(mix(low + salt()), low);
    }

    /** Which command has this uid, or -1 for none of this workload. */
    public long commandOf(UUID uid) {
        long command = unmix(uid.getLeastSignificantBits()) - salt();
        return command >= 0 && uid(command).equals(uid) ? command : -1;
    }

    /** The record's key. */
    public byte[] key(long command) {
        return userId(user(command)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The record's value. */
    public byte[] json(long command) {
        long amount = amount(command);
        StringBuilder json = new StringBuilder(192)
                .append("{\"uid\":\"")
                .append(uid(command))
                .append("\",\"type\":\"")
                .append(amount < 0 ? "WITHDRAW" : "DEPOSIT")
                .append("\",\"user_id\":\"")
                .append(userId(user(command)))
                .append("\",\"amount\":\"")
                .append(Hundredths.text(Math.abs(amount)))
                .append('"');
        if (dated) {
            json.append(",\"timestamp\":\"")
                    .append(Instant.ofEpochMilli(effectiveMillis(command)))
                    .append('"');
        }
        return json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A number that looks random, one for each command and purpose. */
    private long draw(long command, int purpose) {
        return mix(mix(command + salt()) + purpose * ODD + seed);
    }

    private long salt() {
        return mix(seed + ODD);
    }

    /** A permutation of all numbers, in which neighbours land far apart. */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 32) * ODD;
        mixed = (mixed ^ mixed >>> 32) * ODD;
        return mixed ^ mixed >>> 32;
    }

    /** The inverse of {@link #mix}: shifts by half of the bits undo themselves. */
    private static long unmix(long mixed) {
        long number = (mixed ^ mixed >>> 32) * ODD_INVERSE;
        number = (number ^ number >>> 32) * ODD_INVERSE;
        return number ^ number >>> 32;
    }

    /** Of an odd number modulo 2^64, by Newton's method: each step doubles the bits that are right, from 3 on. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int bits = 3; bits < Long.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
