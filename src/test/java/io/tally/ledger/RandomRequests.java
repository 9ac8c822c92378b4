package io.tally.ledger;

import io.tally.ledger.NaiveLedger.Request;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An endless stream of requests: 10 % repeats, 5 % with a used uid and something changed, 1 % with a used uid of another
 * user. A few rich users deposit the largest amounts only and so reach the largest balance.
 */
final class RandomRequests {
    private static final int RICH = 2;
    private static final int USERS = 2_000;
    private static final String[] CURRENCIES = {"USD", "EUR", "JPY", "KWD", "CLF"};
    private static final int[] DIGITS = {2, 2, 0, 3, 4};
    /** From here on an amount has too many minor units in a currency with more digits. */
    private static final BigDecimal LARGE = BigDecimal.TEN.pow(10);

    private final SplittableRandom random;
    private final Request[] sent;
    private final String[] users =
            IntStream.range(0, RICH + USERS).mapToObj(i -> "user-" + i).toArray(String[]::new);
    private int count;

    /** @param capacity how many requests will be asked for */
    RandomRequests(SplittableRandom random, int capacity) {
        this.random = random;
        this.sent = new Request[capacity];
    }

    Request next() {
        int kind = count == 0 ? 99 : random.nextInt(100);
        Request request = kind < 10
                ? earlier()
                : kind < 15 ? changed(earlier()) : kind < 16 ? fresh(earlier().uid()) : fresh(newUid());
        sent[count++] = request;
        return request;
    }

    private Request earlier() {
        return sent[random.nextInt(count)];
    }

    private UUID newUid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private Request fresh(UUID uid) {
        boolean rich = random.nextInt(10) == 0;
        String user = users[rich ? random.nextInt(RICH) : RICH + random.nextInt(USERS)];
        Long timestamp = random.nextInt(4) == 0 ? (Long) random.nextLong(1_800_000_000_000L) : null;
        if (random.nextInt(25) == 0) {
            String name = random.nextBoolean() ? "name-" + random.nextInt(3) : null;
            return new Request(user, uid, "OPEN", null, null, timestamp, name);
        }
        int currency = rich ? 2 * random.nextInt(2) : random.nextInt(CURRENCIES.length);
        String code = currency == 0 && random.nextBoolean() ? null : CURRENCIES[currency];
        String type = random.nextInt(rich ? 8 : 2) == 0 ? "WITHDRAW" : "DEPOSIT";
        return new Request(user, uid, type, amount(rich, DIGITS[currency]), code, timestamp, null);
    }

    private BigDecimal amount(boolean rich, int digits) {
        long minorUnits = !rich || random.nextInt(8) == 0
                ? 1 + random.nextLong(random.nextBoolean() ? 20 : 100_000)
                : 999_999_999_999_999L - random.nextLong(1_000);
        return BigDecimal.valueOf(minorUnits, digits);
    }

    /** The same request with one field changed; some changes make no difference, then it is a repeat. */
    private Request changed(Request r) {
        return switch (random.nextInt(6)) {
            case 0 ->
                r.amount() == null
                        ? new Request(r.user(), r.uid(), "DEPOSIT", BigDecimal.ONE, null, r.timestamp(), null)
                        : new Request(r.user(), r.uid(), "OPEN", null, null, r.timestamp(), null);
            case 1 -> r.amount() == null ? r : with(r, changedAmount(r), r.currency());
            case 2 -> r.amount() == null ? r : with(r, r.amount(), changedCurrency(r));
            case 3 ->
                new Request(
                        r.user(),
                        r.uid(),
                        r.type(),
                        r.amount(),
                        r.currency(),
                        changedTimestamp(r.timestamp()),
                        r.name());
            case 4 ->
                r.amount() != null
                        ? r
                        : new Request(
                                r.user(), r.uid(), r.type(), null, null, r.timestamp(), "name-" + random.nextInt(3));
            default -> fresh(r.uid());
        };
    }

    private static Request with(Request r, BigDecimal amount, @Nullable String currency) {
        return new Request(r.user(), r.uid(), r.type(), amount, currency, r.timestamp(), r.name());
    }

    private static BigDecimal changedAmount(Request r) {
        BigDecimal unit = r.amount().ulp();
        return r.amount().compareTo(unit) > 0
                ? r.amount().subtract(unit)
                : r.amount().add(unit);
    }

    /** Another currency that can write the same decimal, if there is one, or the default sent instead of filled in. */
    private static String changedCurrency(Request r) {
        if (r.currency() == null) {
            return "USD";
        }
        if (r.amount().compareTo(LARGE) > 0) {
            return r.currency().equals("USD") ? "EUR" : r.currency();
        }
        return switch (r.currency()) {
            case "USD", "JPY" -> "KWD";
            case "EUR" -> "USD";
            default -> "CLF";
        };
    }

    private static @Nullable Long changedTimestamp(@Nullable Long timestamp) {
        return timestamp == null ? (Long) 1L : timestamp % 2 == 0 ? (Long) (timestamp + 1) : null;
    }
}
