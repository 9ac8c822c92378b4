package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The users of a run, new to the ledger. Amounts are whole units, which every currency has. */
final class Users {
    static final long FIRST_DEPOSIT = 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BULK = 500;
    /** A look-up takes a fraction of a millisecond; beyond this a sample tells as much. */
    private static final int MOST_CHECKED = 10_000;

    private final HttpTarget target;
    private final List<User> users;

    /** @param run tells these users from those of other runs */
    Users(HttpTarget target, String run, int count) {
        this.target = target;
        this.users = IntStream.range(0, count)
                .mapToObj(i -> new User("bench-" + run + "-" + i))
                .toList();
    }

    User any(SplittableRandom random) {
        return users.get(random.nextInt(users.size()));
    }

    /** Gives every user a first deposit, so that each has a balance to look up. */
    void deposit(SplittableRandom random) throws IOException {
        try (HttpConnection connection = target.connect()) {
            for (int from = 0; from < users.size(); from += BULK) {
                deposit(
                        connection,
                        users.subList(from, Math.min(users.size(), from + BULK)).stream()
                                .map(user -> Write.of(target, user, FIRST_DEPOSIT, random))
                                .toList());
            }
        }
    }

    /**
     * Sends deposits as one request.
     *
     * @throws IOException if one of them is not accepted
     */
    void deposit(HttpConnection connection, List<Write> writes) throws IOException {
        HttpAnswer answer = connection.exchange(target.post(
                "/v1/transactions",
                JSON.writeValueAsBytes(writes.stream().map(Write::json).toList())));
        JsonNode results = JSON.readTree(answer.body());
        for (int i = 0; i < writes.size(); i++) {
            String fault = writes.get(i).fault(results.path(i).path("status").asInt(), results.path(i));
            if (answer.status() != 200 || fault != null) {
                throw new IOException("Expected every deposit to be accepted, but the answer was "
                        + Objects.requireNonNullElse(fault, answer.status()));
            }
        }
    }

    /** Compares what is served now with what was answered before. */
    List<String> verify() throws IOException {
        List<String> contradictions = new ArrayList<>();
        int step = Math.max(1, users.size() / MOST_CHECKED);
        try (HttpConnection connection = target.connect()) {
            for (int i = 0; i < users.size(); i += step) {
                User user = users.get(i);
                if (!user.isKnown()) {
                    continue;
                }
                HttpAnswer answer = connection.exchange(target.get(Read.path(user)));
                JsonNode served = JSON.readTree(answer.body());
                String difference = answer.status() == 200
                        ? user.difference(
                                units(served.path("balance")),
                                served.path("sequence").asLong())
                        : "Expected the balance of " + user.id() + ", but the answer was " + answer.status();
                if (difference != null) {
                    contradictions.add(difference);
                }
            }
        }
        return contradictions;
    }

    /** An amount on the wire, in whole units. */
    static long units(JsonNode amount) {
        return new BigDecimal(amount.asText()).longValueExact();
    }
}
