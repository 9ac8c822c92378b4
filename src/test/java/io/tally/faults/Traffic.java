package io.tally.faults;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Writes of some users as careless clients send them: some uids come again, a few of these with another amount, and many
 * withdrawals are not covered. The same seed gives the same writes. Not thread-safe.
 */
public final class Traffic {
    private static final int PER_CENT_REPEATED = 6;
    private static final int PER_CENT_CHANGED = 1;

    /** Repeats are of the last so many writes: some of those are not decided yet, others long ago. */
    private static final int REMEMBERED = 2_000;

    private final SplittableRandom random;
    private final List<String> users;
    private final List<Write> last = new ArrayList<>();

    Traffic(long seed, int users) {
        this(seed, users, "load-");
    }

    /** @param prefix what the users' names begin with */
    public Traffic(long seed, int users, String prefix) {
        this.random = new SplittableRandom(seed);
        this.users = IntStream.range(0, users).mapToObj(user -> prefix + user).toList();
    }

    public List<String> users() {
        return users;
    }

    /** A first deposit for each user. */
    List<Write> first() {
        return users.stream().map(user -> write(user, "DEPOSIT", 20_000)).toList();
    }

    Write next() {
        int die = random.nextInt(100);
        if (die < PER_CENT_REPEATED + PER_CENT_CHANGED && !last.isEmpty()) {
            Write known = last.get(random.nextInt(last.size()));
            return die < PER_CENT_CHANGED ? known.changed() : known;
        }
        String user = users.get(random.nextInt(users.size()));
        Write write = random.nextBoolean()
                ? write(user, "DEPOSIT", 1 + random.nextInt(10_000))
                : write(user, "WITHDRAW", 1 + random.nextInt(12_000));
        if (last.size() < REMEMBERED) {
            last.add(write);
        } else {
            last.set(random.nextInt(REMEMBERED), write);
        }
        return write;
    }

    private Write write(String user, String type, int cents) {
        return new Write(new UUID(random.nextLong(), random.nextLong()), user, type, BigDecimal.valueOf(cents, 2));
    }
}
