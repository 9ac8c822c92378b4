package io.tally.planted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.audit.History;
import io.tally.audit.Result.Outcome;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at balances over HTTP while the ledger works, and holds what it saw against the model. */
final class Looks implements AutoCloseable {
    /**
     * A balance in dollars, as it was served.
     *
     * @param committedAfter the group's committed offsets by partition, asked for after the answer had come; without those
     *     that a transaction is about to commit
     */
    private record Look(String user, long sequence, BigDecimal balance, Map<Integer, Long> committedAfter) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final List<String> users;
    private final Supplier<Map<Integer, Long>> committed;
    private final SplittableRandom random;
    private final ConcurrentLinkedQueue<Look> looks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "looks");
    private volatile boolean finishing;

    private Looks(String base, List<String> users, Supplier<Map<Integer, Long>> committed, long seed) {
        this.base = base;
        this.users = users;
        this.committed = committed;
        this.random = new SplittableRandom(seed);
    }

    static Looks start(String base, List<String> users, Supplier<Map<Integer, Long>> committed, long seed) {
        Looks looks = new Looks(base, users, committed, seed);
        looks.thread.setDaemon(true);
        looks.thread.start();
        return looks;
    }

    private void run() {
        while (!finishing) {
            String user = users.get(random.nextInt(users.size()));
            JsonNode answer = get("/v1/user/" + user + "/balance?currency=USD");
            if (answer != null) {
                looks.add(new Look(
                        user,
                        answer.path("sequence").asLong(),
                        new BigDecimal(answer.path("balance").asText()),
                        committed.get()));
            }
        }
    }

    /** The body of an answer 200, or null for any other and for none. */
    private @Nullable JsonNode get(String path) {
        try {
            HttpResponse<String> response = TallyProcess.get(URI.create(base + path));
            return response.statusCode() == 200 ? JSON.readTree(response.body()) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    int size() {
        return looks.size();
    }

    /** What was seen and never committed, seen too early, or seen to go back; the first of each kind. */
    List<String> findings(History model) {
        Map<String, String> firstByKind = new LinkedHashMap<>();
        Map<String, Long> highest = new HashMap<>();
        Map<String, List<Outcome>> history = new HashMap<>();
        for (Look look : looks) {
            List<Outcome> outcomes = history.computeIfAbsent(
                    look.user,
                    user -> model.statement(user, "USD").stream()
                            .sorted(Comparator.comparingLong(Outcome::sequence))
                            .toList());
            String kind = kind(look, outcomes);
            if (kind != null) {
                firstByKind.putIfAbsent(kind, kind + ": " + look);
            }
            Long before = highest.put(look.user, look.sequence);
            if (before != null && before > look.sequence) {
                firstByKind.putIfAbsent("BACK", "a balance went back behind sequence " + before + ": " + look);
            }
        }
        return List.copyOf(firstByKind.values());
    }

    private static @Nullable String kind(Look look, List<Outcome> outcomes) {
        if (look.sequence == 0 && look.balance.signum() == 0) {
            return null;
        }
        Outcome outcome =
                look.sequence < 1 || look.sequence > outcomes.size() ? null : outcomes.get((int) look.sequence - 1);
        if (outcome == null || History.balance(outcome).compareTo(look.balance) != 0) {
            return "a state that was never committed";
        }
        Long committed = look.committedAfter.get(outcome.source().partition());
        return committed != null && outcome.source().offset() >= committed ? "shown before it was committed" : null;
    }

    /** Compares the balances at rest, now and, those in dollars, at dates in the past, with the model's. */
    List<String> differences(History model) {
        List<String> found = new ArrayList<>();
        for (String user : users) {
            for (String currency : model.known(user) ? model.balances(user).keySet() : List.<String>of()) {
                String path = "/v1/user/" + user + "/balance?currency=" + currency;
                BigDecimal balance = model.balances(user).get(currency);
                String difference = difference(path, balance, model.sequence(user, currency));
                List<Outcome> statement = model.statement(user, currency);
                for (int quarter = 1; quarter < 4 && difference == null && currency.equals("USD"); quarter++) {
                    long at = statement.get(statement.size() * quarter / 4).effectiveAt();
                    difference = difference(
                            path + "&date=" + Instant.ofEpochMilli(at),
                            model.balanceAt(user, currency, at),
                            model.sequence(user, currency));
                }
                if (difference != null) {
                    found.add(difference);
                }
            }
        }
        return found;
    }

    private @Nullable String difference(String path, BigDecimal balance, long sequence) {
        JsonNode answer = get(path);
        boolean same = answer != null
                && new BigDecimal(answer.path("balance").asText()).compareTo(balance) == 0
                && answer.path("sequence").asLong() == sequence;
        return same ? null : path + ": expected " + balance + " at sequence " + sequence + ", but got " + answer;
    }

    /** Looks no more. */
    @Override
    public void close() throws InterruptedException {
        finishing = true;
        thread.join();
    }
}
