package io.tally.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.app.load.Hundredths;
import io.tally.app.load.Model;
import io.tally.app.load.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Balances of a workload's users as a service shows them. */
final class BalanceSample {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHECKED = 2_000;

    private final HttpTarget target;
    private final Workload workload;

    BalanceSample(HttpTarget target, Workload workload) {
        this.target = target;
        this.workload = workload;
    }

    /** Where the balance of a user is. */
    static String path(Workload workload, int user) {
        return "/v1/user/" + workload.userId(user) + "/balance";
    }

    /** What some users are shown that differs from the model. */
    List<String> contradictions(Model model) throws IOException {
        List<String> contradictions = new ArrayList<>();
        int step = Math.max(1, workload.users() / MOST_CHECKED);
        try (HttpConnection connection = target.connect()) {
            for (int user = 0; user < workload.users(); user += step) {
                // Of those without money some were never heard of.
                if (model.balance(user) > 0) {
                    JsonNode served = JSON.readTree(connection
                            .exchange(target.get(path(workload, user)))
                            .body());
                    if (!isRight(served, model, user)) {
                        contradictions.add("Expected %s to have %d hundredths after %d decisions, but got %s"
                                .formatted(workload.userId(user), model.balance(user), model.sequence(user), served));
                    }
                }
            }
        }
        return contradictions;
    }

    private static boolean isRight(JsonNode served, Model model, int user) {
        return served.path("balance").isTextual()
                && Hundredths.of(served.path("balance").asText()) == model.balance(user)
                && served.path("sequence").asLong() == model.sequence(user);
    }
}
