package io.tally.proof;

import io.tally.proof.Parsed.Refused;
import io.tally.proof.Parsed.Request;
import io.tally.proof.Result.DeadLetter;
import io.tally.proof.Result.Outcome;
import io.tally.proof.Result.Repeat;
import io.tally.proof.Result.Rerouted;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What must come of an input, written from the contract alone. Records are given in offset order per partition; how the
 * partitions interleave does not matter. Not thread-safe.
 */
public final class ReferenceModel {
    /**
     * What the outcomes depend on besides the input.
     *
     * @param currencies minor digits by code
     */
    public record Settings(
            int partitions, String defaultCurrency, boolean registrationRequired, Map<String, Integer> currencies) {

        /** USD, no registration, the currencies of this JDK that have minor digits. */
        public static Settings of(int partitions) {
            Map<String, Integer> digits = new HashMap<>();
            for (Currency currency : Currency.getAvailableCurrencies()) {
                if (currency.getDefaultFractionDigits() >= 0) {
                    digits.put(currency.getCurrencyCode(), currency.getDefaultFractionDigits());
                }
            }
            return new Settings(partitions, "USD", false, Map.copyOf(digits));
        }

        public Settings withRegistration() {
            return new Settings(partitions, defaultCurrency, true, currencies);
        }
    }

    private static final class User {
        private final Map<UUID, Outcome> outcomes = new HashMap<>();
        private final Map<String, Account> accounts = new TreeMap<>();
        private boolean opened;
        private boolean funded;
    }

    private static final class Account {
        private final List<Outcome> outcomes = new ArrayList<>();
        private BigDecimal balance;

        private Account(int digits) {
            balance = BigDecimal.ZERO.setScale(digits);
        }
    }

    private static final BigDecimal MAX_MINOR_UNITS = new BigDecimal("999999999999999999");

    private final Settings settings;
    private final CommandParser parser;
    private final Map<String, User> users = new LinkedHashMap<>();

    public ReferenceModel(Settings settings) {
        this.settings = settings;
        this.parser = new CommandParser(settings);
    }

    /** What must come of the input's next record. */
    public Result apply(InputRecord input) {
        Parsed parsed = parser.parse(input.key(), input.value());
        if (parsed instanceof Refused refused) {
            return new DeadLetter(refused.code(), refused.certain(), null, input.origin());
        }
        Request request = (Request) parsed;
        int partition = partition(request.userId(), settings.partitions());
        if (partition != input.partition()) {
            return input.hop() == null
                    ? new Rerouted(partition, request.userId())
                    : new DeadLetter("key_mismatch", true, null, input.origin());
        }
        User user = users.computeIfAbsent(request.userId(), id -> new User());
        Outcome first = user.outcomes.get(request.uid());
        if (first == null) {
            return decide(request, user, input);
        }
        String field = first.request().firstDifference(request);
        return field == null ? new Repeat(first) : new DeadLetter("uid_conflict", true, field, input.origin());
    }

    /** The partition that a user's commands are decided in. */
    public static int partition(String userId, int partitions) {
        return Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private Outcome decide(Request request, User user, InputRecord input) {
        String currency = request.currency() == null ? settings.defaultCurrency() : request.currency();
        int digits = settings.currencies().get(currency);
        Account account = user.accounts.computeIfAbsent(currency, code -> new Account(digits));
        BigDecimal delta = BigDecimal.ZERO.setScale(digits);
        if (request.amount() != null) {
            delta = request.amount().setScale(digits);
            delta = request.type().equals("WITHDRAW") ? delta.negate() : delta;
        }
        String reason = reason(request, user, account.balance.add(delta), digits);
        if (reason == null) {
            account.balance = account.balance.add(delta);
            user.opened |= request.type().equals("OPEN");
            user.funded |= request.type().equals("DEPOSIT");
        } else {
            delta = BigDecimal.ZERO.setScale(digits);
        }
        long recordedAt = EffectiveTime.ofRecord(input.timestamp());
        Outcome outcome = new Outcome(
                request,
                input.position(),
                recordedAt,
                request.timestamp() == null ? recordedAt : request.timestamp(),
                currency,
                reason,
                delta,
                account.balance,
                account.outcomes.size() + 1L);
        account.outcomes.add(outcome);
        user.outcomes.put(request.uid(), outcome);
        return outcome;
    }

    private @Nullable String reason(Request request, User user, BigDecimal after, int digits) {
        boolean open = request.type().equals("OPEN");
        if (!open && settings.registrationRequired() && !user.opened) {
            return "UNKNOWN_USER";
        }
        if (open && user.opened) {
            return "USER_EXISTS";
        }
        if (after.signum() < 0) {
            return "INSUFFICIENT_FUNDS";
        }
        return after.movePointRight(digits).compareTo(MAX_MINOR_UNITS) > 0 ? "BALANCE_OVERFLOW" : null;
    }

    /** The users that commands were decided for, known or not. */
    public List<String> users() {
        return List.copyOf(users.keySet());
    }

    /** Whether an OPEN or a DEPOSIT was accepted for the user. */
    public boolean known(String userId) {
        User user = users.get(userId);
        return user != null && (user.opened || user.funded);
    }

    /** The one outcome of this user and uid, or null. */
    public @Nullable Outcome outcome(String userId, UUID uid) {
        User user = users.get(userId);
        return user == null ? null : user.outcomes.get(uid);
    }

    /** The balance of each account that was touched, by currency. */
    public Map<String, BigDecimal> balances(String userId) {
        Map<String, BigDecimal> balances = new TreeMap<>();
        User user = users.get(userId);
        if (user != null) {
            user.accounts.forEach((currency, account) -> balances.put(currency, account.balance));
        }
        return balances;
    }

    public BigDecimal balance(String userId, String currency) {
        return balances(userId).getOrDefault(currency, zero(currency));
    }

    /** The sum over the accepted commands that were effective at or before a time; it can be negative. */
    public BigDecimal balanceAt(String userId, String currency, long millis) {
        return outcomes(userId, currency).stream()
                .filter(outcome -> outcome.effectiveAt() <= millis)
                .map(Outcome::delta)
                .reduce(zero(currency), BigDecimal::add);
    }

    /** How many commands were decided for the account. */
    public long sequence(String userId, String currency) {
        return outcomes(userId, currency).size();
    }

    /** The account's outcomes by effective time, those of one instant by sequence; rejected ones included. */
    public List<Outcome> statement(String userId, String currency) {
        return outcomes(userId, currency).stream()
                .sorted(Comparator.comparingLong(Outcome::effectiveAt).thenComparingLong(Outcome::sequence))
                .toList();
    }

    private List<Outcome> outcomes(String userId, String currency) {
        User user = users.get(userId);
        Account account = user == null ? null : user.accounts.get(currency);
        return account == null ? List.of() : account.outcomes;
    }

    private BigDecimal zero(String currency) {
        return BigDecimal.ZERO.setScale(settings.currencies().getOrDefault(currency, 0));
    }
}
