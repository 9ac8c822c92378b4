package io.tally.audit;

import io.tally.audit.Parsed.Request;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for under each (user, uid), as much of it as tells a repeat from a conflict: 36 bytes for a place, of which
 * at most three quarters are taken. Open addressing in arrays of numbers, since objects would need five times as much.
 */
final class UidTable {
    private static final int FIRST_CAPACITY = 1 << 10;
    private static final long CURRENCIES = 27 * 27 * 27;
    private static final int TIME_BITS = 48;

    private long[] high = new long[FIRST_CAPACITY];
    private long[] low = new long[FIRST_CAPACITY];
    /** 0 where a place is free. */
    private int[] users = new int[FIRST_CAPACITY];
    /** Type and currency above {@link #TIME_BITS} bits of the time. */
    private long[] facts = new long[FIRST_CAPACITY];
    /** The amount, or of an OPEN a hash of its name. */
    private long[] amounts = new long[FIRST_CAPACITY];

    private int size;

    boolean contains(int user, Request request) {
        return users[
                        place(
                                user,
                                request.uid().getMostSignificantBits(),
                                request.uid().getLeastSignificantBits())]
                != 0;
    }

    boolean contains(int user, long uidHigh, long uidLow) {
        return users[place(user, uidHigh, uidLow)] != 0;
    }

    /** @param user more than 0 */
    void put(int user, Request request) {
        if (size >= users.length / 4 * 3) {
            grow();
        }
        long uidHigh = request.uid().getMostSignificantBits();
        long uidLow = request.uid().getLeastSignificantBits();
        set(place(user, uidHigh, uidLow), user, uidHigh, uidLow, facts(request), amount(request));
        size++;
    }

    /** The first field, in the contract's order, in which a request differs from the first of its uid, or null. */
    @Nullable
    String firstDifference(int user, Request request) {
        int place = place(
                user, request.uid().getMostSignificantBits(), request.uid().getLeastSignificantBits());
        long kinds = facts[place] >>> TIME_BITS;
        long otherKinds = facts(request) >>> TIME_BITS;
        boolean open = request.type().equals("OPEN");
        if (kinds / CURRENCIES != otherKinds / CURRENCIES) {
            return "type";
        }
        if (!open && amounts[place] != amount(request)) {
            return "amount";
        }
        if (kinds != otherKinds) {
            return "currency";
        }
        if (facts[place] != facts(request)) {
            return "timestamp";
        }
        return amounts[place] != amount(request) ? "name" : null;
    }

    private static long facts(Request request) {
        long type = request.type().equals("OPEN") ? 0 : request.type().equals("DEPOSIT") ? 1 : 2;
        long currency = 0;
        for (int i = 0; request.currency() != null && i < 3; i++) {
            currency = currency * 27 + request.currency().charAt(i) - 'A' + 1;
        }
        return type * CURRENCIES + currency << TIME_BITS | request.timestamp() + 1;
    }

    private static long amount(Request request) {
        String name = request.name();
        if (name == null) {
            return request.amount();
        }
        long hash = 0xcbf2_9ce4_8422_2325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100_0000_01b3L;
        }
        return hash == 0 ? 1 : hash;
    }

    private int place(int user, long uidHigh, long uidLow) {
        long hash = (uidHigh * 31 + uidLow) * 31 + user;
        hash = (hash ^ hash >>> 32) * 0x9e37_79b9_7f4a_7c15L;
        int mask = users.length - 1;
        int place = (int) (hash >>> 32) & mask;
        while (users[place] != 0 && (high[place] != uidHigh || low[place] != uidLow || users[place] != user)) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void set(int place, int user, long uidHigh, long uidLow, long fact, long amount) {
        users[place] = user;
        high[place] = uidHigh;
        low[place] = uidLow;
        facts[place] = fact;
        amounts[place] = amount;
    }

    private void grow() {
        if (users.length == 1 << 30) {
            throw new AuditRefusedException("One partition has more commands than one audit can hold in memory.");
        }
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldUsers = users;
        long[] oldFacts = facts;
        long[] oldAmounts = amounts;
        int capacity = users.length * 2;
        high = new long[capacity];
        low = new long[capacity];
        users = new int[capacity];
        facts = new long[capacity];
        amounts = new long[capacity];
        for (int i = 0; i < oldUsers.length; i++) {
            if (oldUsers[i] != 0) {
                int place = place(oldUsers[i], oldHigh[i], oldLow[i]);
                set(place, oldUsers[i], oldHigh[i], oldLow[i], oldFacts[i], oldAmounts[i]);
            }
        }
    }
}
