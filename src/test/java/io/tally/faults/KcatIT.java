package io.tally.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.faults.Balances.Answer;
import io.tally.faults.LedgerCluster.Audited;
import io.tally.proof.CommandGenerator;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A foreign client: with whatever partitioner it sends, and without a key, a user has one balance. */
class KcatIT {
    private static final int USERS = 200;
    private static final int COMMANDS = 5_000;
    private static final int AGAIN = 500;

    private final SplittableRandom random = new SplittableRandom(1);
    /** The plain model: what each user has, from each uid once. */
    private final Map<String, BigDecimal> balanceByUser = new HashMap<>();

    private final Set<String> uids = new HashSet<>();

    @TempDir
    Path directory;

    @Test
    void shouldGiveOneBalancePerUserWhateverThePartitioner() throws Exception {
        try (LedgerCluster cluster = new LedgerCluster(directory)) {
            // Given
            Kcat kcat = new Kcat(directory, cluster.bootstrapServers());
            cluster.startAndAwait("one");
            List<String> likeJava = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                likeJava.add(keyed(CommandGenerator.user(user), "DEPOSIT", 100_000_00));
            }
            likeJava.addAll(someKeyed());
            List<String> byDefault = someKeyed();
            byDefault.addAll(likeJava.subList(USERS, USERS + AGAIN));
            List<String> keyless = new ArrayList<>();
            someKeyed().forEach(line -> keyless.add(line.substring(line.indexOf('\t') + 1)));

            // When
            kcat.produce("transactions-in", likeJava, true, "partitioner=murmur2_random");
            kcat.produce("transactions-in", byDefault, true);
            kcat.produce("transactions-in", keyless, false);
            cluster.awaitDrained();

            // Then
            Audited audited = cluster.audit();
            assertThat(audited.report().counts().input()
                            - audited.report().counts().rerouted())
                    .isEqualTo(likeJava.size() + byDefault.size() + keyless.size());
            assertThat(audited.report().counts().rerouted()).isGreaterThan(COMMANDS);
            assertThat(audited.report().counts().repeats()).isEqualTo(AGAIN);
            assertThat(audited.report().counts().accepted()).isEqualTo(uids.size());
            assertThat(audited.model().users()).containsExactlyInAnyOrderElementsOf(balanceByUser.keySet());
            balanceByUser.forEach((user, balance) -> {
                Answer answer = cluster.balances().ask("one", user, "USD");
                assertThat(answer.balance()).as("balance of %s", user).isEqualByComparingTo(balance);
            });
        }
    }

    private List<String> someKeyed() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            String type = random.nextInt(3) == 0 ? "WITHDRAW" : "DEPOSIT";
            lines.add(keyed(CommandGenerator.user(random.nextInt(USERS)), type, 1 + random.nextInt(10_00)));
        }
        return lines;
    }

    /** A line for kcat, which the model has counted. No user can run out of money: all begin with more than they withdraw. */
    private String keyed(String user, String type, int cents) {
        String uid = new UUID(random.nextLong(), random.nextLong()).toString();
        BigDecimal amount = BigDecimal.valueOf(cents, 2);
        if (uids.add(uid)) {
            balanceByUser.merge(user, type.equals("DEPOSIT") ? amount : amount.negate(), BigDecimal::add);
        }
        return user + "\t{\"uid\":\"" + uid + "\",\"type\":\"" + type + "\",\"user_id\":\"" + user + "\",\"amount\":\""
                + amount + "\"}";
    }
}
