package io.tally.faults;

import io.tally.audit.History;
import io.tally.audit.Result.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds balances that were seen against the states that the committed history went through. Every user that was looked at
 * must have had a deposit before.
 */
public final class SightingCheck {
    private final History model;
    private final Map<String, List<BigDecimal>> statesByUser = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    private SightingCheck(History model) {
        this.model = model;
    }

    /** The promises that were broken, one line each. */
    public static List<String> violations(List<Sighting> sightings, History model) {
        SightingCheck check = new SightingCheck(model);
        sightings.forEach(check::check);
        return check.violations;
    }

    private void check(Sighting sighting) {
        switch (sighting.answer().status()) {
            case 200 -> checkState(sighting);
            case 503, HttpAnswer.NONE -> {}
            case 404 -> violations.add("a user who has deposited is unknown: " + sighting);
            default -> violations.add("answered what it may not: " + sighting);
        }
    }

    private void checkState(Sighting sighting) {
        List<BigDecimal> states = statesByUser.computeIfAbsent(sighting.user(), this::states);
        long sequence = sighting.sequence();
        BigDecimal balance = sighting.balance();
        if (sequence < 1
                || sequence > states.size()
                || balance == null
                || states.get((int) sequence - 1).compareTo(balance) != 0) {
            violations.add("a state that was never committed: " + sighting);
        }
        if (sighting.withPosition() && sighting.isOlder()) {
            violations.add("did not wait for the position: " + sighting);
        }
    }

    /** The balance after each sequence, from 1. */
    private List<BigDecimal> states(String user) {
        return model.statement(user, "USD").stream()
                .sorted(Comparator.comparingLong(Outcome::sequence))
                .map(History::balance)
                .toList();
    }
}
