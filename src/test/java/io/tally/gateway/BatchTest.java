package io.tally.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.ledger.CommandField;
import io.tally.stream.InstanceAddress;
import io.tally.wire.Flaw;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In which order the commands of one request go, when their partition moves meanwhile. */
class BatchTest {
    private static final Submission ELSEWHERE = new Submission.Elsewhere(new InstanceAddress("other", 8080));

    private final Batch batch = new Batch();
    private final List<String> sent = new ArrayList<>();

    @Test
    void shouldNotPassOnWhatFollowsACommandThatWasSentFromHere() {
        // Given: a deposit that may be held up.
        CompletableFuture<Submission> deposit = take("ada", "deposit", null);

        // When: the partition moves, and comes back.
        CompletableFuture<Submission> withdrawal = take("ada", "withdrawal", ELSEWHERE);
        CompletableFuture<Submission> third = take("ada", "third", null);

        // Then
        assertThat(deposit).isNotDone();
        assertThat(withdrawal).isCompletedWithValueMatching(Submission.Unavailable.class::isInstance);
        assertThat(third).isCompletedWithValueMatching(Submission.Unavailable.class::isInstance);
        assertThat(sent).containsExactly("deposit");
    }

    @Test
    void shouldPassOnAllOfAUserOfWhomNothingWasSent() {
        // Given
        take("bob", "of another user", null);

        // When: the partition comes here in the middle.
        CompletableFuture<Submission> first = take("ada", "first", ELSEWHERE);
        CompletableFuture<Submission> second = take("ada", "second", null);

        // Then
        assertThat(first).isCompletedWithValue(ELSEWHERE);
        assertThat(second).isCompletedWithValue(ELSEWHERE);
        assertThat(sent).containsExactly("of another user");
    }

    @Test
    void shouldPassOnWhatFollowsACommandThatWasDecidedBefore() {
        // Given
        take("ada", "decided", new Submission.Conflicting(Flaw.conflict(CommandField.AMOUNT), new Position(0, 1)));

        // When
        CompletableFuture<Submission> next = take("ada", "next", ELSEWHERE);

        // Then
        assertThat(next).isCompletedWithValue(ELSEWHERE);
        assertThat(sent).isEmpty();
    }

    @Test
    void shouldTakeNothingMoreOnceTheProducerHasGivenUp() {
        // Given
        CompletableFuture<Submission> givenUp =
                take("ada", "first", null, CompletableFuture.completedFuture(new Submission.Unknown()));

        // When
        CompletableFuture<Submission> same = take("ada", "second", null);
        CompletableFuture<Submission> other = take("bob", "of another user", null);

        // Then
        assertThat(givenUp).isCompletedWithValueMatching(Submission.Unknown.class::isInstance);
        assertThat(same).isCompletedWithValueMatching(Submission.Unavailable.class::isInstance);
        assertThat(other).isCompletedWithValueMatching(Submission.Unavailable.class::isInstance);
        assertThat(sent).containsExactly("first");
    }

    private CompletableFuture<Submission> take(String user, String command, Submission known) {
        return take(user, command, known, new CompletableFuture<>());
    }

    private CompletableFuture<Submission> take(
            String user, String command, Submission known, CompletableFuture<Submission> ifSent) {
        return batch.take(user, () -> known, () -> {
            sent.add(command);
            return ifSent;
        });
    }
}
