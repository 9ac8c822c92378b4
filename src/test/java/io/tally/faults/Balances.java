package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tally.audit.History;
import io.tally.audit.ReferenceModel;
import io.tally.proof.CommandGenerator;
import io.tally.rig.TallyProcess;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Balances as the instances give them over HTTP. Thread-safe. */
public final class Balances {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOBODY = -1;

    /**
     * @param status of HTTP, or -1 when nobody listens
     * @param sequence 0 for an unknown user
     */
    public record Answer(int status, BigDecimal balance, long sequence) {
        private static final Answer NONE = new Answer(NOBODY, BigDecimal.ZERO, 0);

        /** Whether the instance spoke for the user's partition; an unknown user is an answer as well. */
        public boolean served() {
            return status == 200 || status == 404;
        }
    }

    private final LedgerCluster cluster;

    public Balances(LedgerCluster cluster) {
        this.cluster = cluster;
    }

    /** What the instance answers, asking others if it must. */
    public Answer ask(String instance, String user, String currency) {
        return ask(instance, user, currency, Map.of());
    }

    /** What the instance answers by itself, as to an instance that has passed the request on. */
    Answer askOnly(String instance, String user, String currency) {
        return ask(instance, user, currency, Map.of("Tally-Instance", cluster.instanceName(instance)));
    }

    private Answer ask(String instance, String user, String currency, Map<String, String> headers) {
        String path = "/v1/user/" + user + "/balance?currency=" + currency;
        try {
            HttpResponse<String> response = TallyProcess.get(cluster.uri(instance, path), headers);
            if (response.statusCode() != 200) {
                return new Answer(response.statusCode(), BigDecimal.ZERO, 0);
            }
            JsonNode body = JSON.readTree(response.body());
            return new Answer(
                    200,
                    new BigDecimal(body.get("balance").asText()),
                    body.get("sequence").asLong());
        } catch (IOException e) {
            return Answer.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        }
    }

    /** The answer of the one instance that speaks for the user. */
    Answer ask(List<String> instances, String user, String currency) {
        List<Answer> served = instances.stream()
                .map(instance -> ask(instance, user, currency))
                .filter(Answer::served)
                .toList();
        assertThat(served).as("answers for %s of %s", user, instances).hasSize(1);
        return served.get(0);
    }

    /** The partitions that the instance speaks for now. */
    public Set<Integer> servedPartitions(String instance) {
        return partitions(user -> askOnly(instance, user, "USD"));
    }

    /** The partitions of which the instance has an answer now, its own or another's. */
    public Set<Integer> answeredPartitions(String instance) {
        return partitions(user -> ask(instance, user, "USD"));
    }

    private static Set<Integer> partitions(Function<String, Answer> question) {
        return IntStream.range(0, LedgerCluster.PARTITIONS)
                .filter(partition -> question.apply(userOf(partition)).served())
                .boxed()
                .collect(Collectors.toSet());
    }

    /** A user of {@link CommandGenerator} whose commands belong to the partition. */
    public static String userOf(int partition) {
        return IntStream.range(0, 1_000)
                .mapToObj(CommandGenerator::user)
                .filter(user -> ReferenceModel.partition(user, LedgerCluster.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Compares the balances with the model's, for this many users at random; exactly one of the instances must answer. */
    void compare(List<String> instances, History model, int users, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> all = model.users();
        for (int i = 0; i < users; i++) {
            String user = all.get(random.nextInt(all.size()));
            for (Map.Entry<String, BigDecimal> expected : model.balances(user).entrySet()) {
                String account = user + " " + expected.getKey();
                Answer answer = ask(instances, user, expected.getKey());
                assertThat(answer.status()).as("status for %s", account).isEqualTo(model.known(user) ? 200 : 404);
                if (model.known(user)) {
                    assertThat(answer.balance()).as("balance of %s", account).isEqualByComparingTo(expected.getValue());
                    assertThat(answer.sequence())
                            .as("sequence of %s", account)
                            .isEqualTo(model.sequence(user, expected.getKey()));
                }
            }
        }
    }
}
