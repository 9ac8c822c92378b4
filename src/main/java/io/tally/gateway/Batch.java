package io.tally.gateway;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the commands of one request, those of one user to be decided in the order in which they come. Once a user's command
 * cannot be taken, their later commands in the request are not taken either. Used once, by one thread.
 */
final class Batch {
    private final Set<String> sentUsers = new HashSet<>();
    private final Map<String, Submission> notTakenByUser = new HashMap<>();
    private boolean producerBlocked;

    /**
     * Takes the next command.
     *
     * @param userId its user
     * @param known what is known of it without sending it, or null when it must be sent; asked only if it could be
     * @param send sends it, if it must be sent and can be
     */
    CompletableFuture<Submission> take(
            String userId, Supplier<@Nullable Submission> known, Supplier<CompletableFuture<Submission>> send) {
        Submission notTaken = notTakenByUser.get(userId);
        Submission submission = notTaken == null ? known.get() : notTaken;
        if (submission == null && producerBlocked) {
            submission = new Submission.Unavailable("The brokers take no commands");
        }
        if (submission == null) {
            sentUsers.add(userId);
            CompletableFuture<Submission> sent = send.get();
            // The producer gave up after a wait, and would wait again for each that follows.
            producerBlocked = sent.isDone() && sent.join() instanceof Submission.Unknown;
            return sent;
        }
        if (submission instanceof Submission.Elsewhere && sentUsers.contains(userId)) {
            // What was sent from here may still be on its way, and what is passed on would reach the log before it.
            submission = new Submission.Unavailable("The partition is moving");
        }
        if (submission instanceof Submission.Elsewhere || submission instanceof Submission.Unavailable) {
            notTakenByUser.put(userId, submission);
        }
        return CompletableFuture.completedFuture(submission);
    }
}
