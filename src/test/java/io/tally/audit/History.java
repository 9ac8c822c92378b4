package io.tally.audit;

import io.tally.audit.Result.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every outcome that must be, to compare look-ups with. It hears of them from the audit or replays input itself; the outcomes
 * of one user must come from one thread.
 */
public final class History implements Consumer<Outcome> {
    private static final class User {
        private final Map<UUID, Outcome> outcomes = new HashMap<>();
        private final Map<String, List<Outcome>> accounts = new TreeMap<>();
        private boolean known;
    }

    private final ReferenceModel model;
    private final Map<String, User> users = new ConcurrentHashMap<>();

    public History(AuditSettings settings) {
        this.model = new ReferenceModel(settings);
    }

    /** Replays the next input record. */
    public Result apply(LogRecord input) {
        Result result = model.apply(input);
        if (result instanceof Outcome outcome) {
            accept(outcome);
        }
        return result;
    }

    @Override
    public void accept(Outcome outcome) {
        User user = users.computeIfAbsent(outcome.request().userId(), id -> new User());
        user.outcomes.put(outcome.request().uid(), outcome);
        user.accounts
                .computeIfAbsent(outcome.currency(), currency -> new ArrayList<>())
                .add(outcome);
        user.known |= outcome.accepted() && !outcome.request().type().equals("WITHDRAW");
    }

    /** The users that commands were decided for, known or not. */
    public List<String> users() {
        return List.copyOf(users.keySet());
    }

    /** Whether an OPEN or a DEPOSIT was accepted for the user. */
    public boolean known(String userId) {
        User user = users.get(userId);
        return user != null && user.known;
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
            user.accounts.forEach(
                    (currency, outcomes) -> balances.put(currency, balance(outcomes.get(outcomes.size() - 1))));
        }
        return balances;
    }

    /** The balance after an outcome. */
    public static BigDecimal balance(Outcome outcome) {
        return BigDecimal.valueOf(outcome.balance(), outcome.digits());
    }

    /** The sum over the accepted commands that were effective at or before a time; it can be negative. */
    public BigDecimal balanceAt(String userId, String currency, long millis) {
        return outcomes(userId, currency).stream()
                .filter(outcome -> outcome.effectiveAt() <= millis)
                .map(outcome -> BigDecimal.valueOf(outcome.delta(), outcome.digits()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
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
        return user == null ? List.of() : user.accounts.getOrDefault(currency, Collections.emptyList());
    }
}
