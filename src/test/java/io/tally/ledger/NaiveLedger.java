package io.tally.ledger;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion on every decision, written from the contract's text alone: decimals, strings and maps. Uses nothing of
 * the ledger.
 */
final class NaiveLedger {
    /** A command as a client sent it; null is absent. */
    record Request(
            String user,
            UUID uid,
            String type,
            @Nullable BigDecimal amount,
            @Nullable String currency,
            @Nullable Long timestamp,
            @Nullable String name) {}

    /**
     * What became of a request.
     *
     * @param verdict {@code ACCEPTED}, a reason, {@code REPEAT}, or {@code CONFLICT} and the field
     * @param balance after it, for a repeat the first answer's
     */
    record Answer(String verdict, BigDecimal balance, long sequence) {}

    private record Remembered(Request request, Answer answer) {}

    private static final Map<String, Integer> DIGITS = Map.of("USD", 2, "EUR", 2, "JPY", 0, "KWD", 3, "CLF", 4);
    private static final BigDecimal LARGEST_BALANCE_IN_MINOR_UNITS = new BigDecimal("999999999999999999");

    private final boolean registrationRequired;
    private final Map<String, Map<UUID, Remembered>> answersByUser = new HashMap<>();
    private final Map<String, BigDecimal> balances = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Set<String> registered = new HashSet<>();

    NaiveLedger(boolean registrationRequired) {
        this.registrationRequired = registrationRequired;
    }

    Answer answer(Request request) {
        Map<UUID, Remembered> answers = answersByUser.computeIfAbsent(request.user, user -> new HashMap<>());
        Remembered known = answers.get(request.uid);
        if (known != null) {
            String field = firstDifference(known.request, request);
            return new Answer(
                    field == null ? "REPEAT" : "CONFLICT " + field, known.answer.balance, known.answer.sequence);
        }
        String currency = request.currency == null ? "USD" : request.currency;
        String account = request.user + " " + currency;
        long sequence = sequences.merge(account, 1L, Long::sum);
        String verdict = verdict(request, currency, account);
        Answer answer = new Answer(verdict, balances.getOrDefault(account, BigDecimal.ZERO), sequence);
        answers.put(request.uid, new Remembered(request, answer));
        return answer;
    }

    BigDecimal balance(String user, String currency) {
        return balances.getOrDefault(user + " " + currency, BigDecimal.ZERO);
    }

    long sequence(String user, String currency) {
        return sequences.getOrDefault(user + " " + currency, 0L);
    }

    boolean registered(String user) {
        return registered.contains(user);
    }

    int accounts() {
        return sequences.size();
    }

    private String verdict(Request request, String currency, String account) {
        if (request.type.equals("OPEN")) {
            return registered.add(request.user) ? "ACCEPTED" : "USER_EXISTS";
        }
        if (registrationRequired && !registered.contains(request.user)) {
            return "UNKNOWN_USER";
        }
        BigDecimal balance = balances.getOrDefault(account, BigDecimal.ZERO);
        BigDecimal amount = Objects.requireNonNull(request.amount);
        boolean deposit = request.type.equals("DEPOSIT");
        BigDecimal after = deposit ? balance.add(amount) : balance.subtract(amount);
        if (after.signum() < 0) {
            return "INSUFFICIENT_FUNDS";
        }
        BigDecimal minorUnits = after.movePointRight(DIGITS.get(currency));
        if (minorUnits.compareTo(LARGEST_BALANCE_IN_MINOR_UNITS) > 0) {
            return "BALANCE_OVERFLOW";
        }
        balances.put(account, after);
        return "ACCEPTED";
    }

    private static @Nullable String firstDifference(Request a, Request b) {
        if (!a.type.equals(b.type)) {
            return "type";
        }
        if (a.amount != null && b.amount != null && a.amount.compareTo(b.amount) != 0) {
            return "amount";
        }
        if (!Objects.equals(a.currency, b.currency)) {
            return "currency";
        }
        if (!Objects.equals(a.timestamp, b.timestamp)) {
            return "timestamp";
        }
        return Objects.equals(a.name, b.name) ? null : "name";
    }
}
