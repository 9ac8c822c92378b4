package io.tally.http;

import io.javalin.http.Context;
import io.tally.gateway.UidSearch;
import io.tally.ledger.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The look-up of a uid without its user, in all partitions of all instances. It says that there is no outcome only when
 * every partition has said so.
 */
final class UidLookup {
    /** In a request that was passed on: the partitions that the instance is asked for, separated by commas. */
    private static final String PARTITIONS = "Tally-Partitions";

    /** Possessive: what can go back needs a stack as deep as the header is long. */
    private static final Pattern NUMBERS = Pattern.compile(Parameters.PARTITION + "(," + Parameters.PARTITION + ")*+");

    private final Forwarding forwarding;
    private final OutcomeAnswers answers;
    private final Executor executor;

    UidLookup(Forwarding forwarding, OutcomeAnswers answers, Executor executor) {
        this.forwarding = forwarding;
        this.answers = answers;
        this.executor = executor;
    }

    /**
     * The partitions that the request is about: all, unless another instance asks for some.
     *
     * @param count how many there are
     */
    static Set<Integer> partitions(Context ctx, int count) {
        return partitions(Forwarding.wasForwarded(ctx) ? ctx.header(PARTITIONS) : null, count);
    }

    static Set<Integer> partitions(@Nullable String asked, int count) {
        Stream<Integer> partitions = asked == null || !NUMBERS.matcher(asked).matches()
                ? IntStream.range(0, count).boxed()
                : Stream.of(asked.split(",")).map(Integer::valueOf).filter(partition -> partition < count);
        return partitions.collect(Collectors.toSet());
    }

    static Problem unknown(UUID uid) {
        return Problem.of(ProblemCode.UNKNOWN_UID, "No command with uid " + uid + " was decided");
    }

    /** Answers with what was found here and what the other instances say. */
    CompletableFuture<Void> answer(Context ctx, UUID uid, UidSearch here) {
        if (here.elsewhere().isEmpty()) {
            answer(ctx, uid, here.entries());
            return Reads.WRITTEN;
        }
        List<CompletableFuture<Forwarding.Result>> others = new ArrayList<>();
        here.elsewhere()
                .forEach((owner, partitions) ->
                        others.add(forwarding.forward(ctx, owner, Map.of(PARTITIONS, text(partitions)))));
        return CompletableFuture.allOf(others.toArray(CompletableFuture[]::new))
                .thenRunAsync(
                        () -> combine(
                                ctx,
                                uid,
                                here.entries(),
                                others.stream().map(CompletableFuture::join).toList()),
                        executor);
    }

    private static String text(Set<Integer> partitions) {
        return partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private void answer(Context ctx, UUID uid, List<JournalEntry> entries) {
        if (entries.isEmpty()) {
            throw new RequestRefusedException(unknown(uid));
        }
        if (entries.size() > 1) {
            throw ambiguous();
        }
        answers.outcome(ctx, entries.get(0));
    }

    private static RequestRefusedException ambiguous() {
        return new RequestRefusedException(
                Problem.of(ProblemCode.AMBIGUOUS_UID, "Add user_id= to say whose command is meant"));
    }

    private void combine(Context ctx, UUID uid, List<JournalEntry> entries, List<Forwarding.Result> others) {
        List<Forwarding.Result> found = new ArrayList<>();
        for (Forwarding.Result other : others) {
            int status = other instanceof Forwarding.Result.Answered answered ? answered.status() : 503;
            switch (status) {
                case 404 -> {}
                case 200 -> found.add(other);
                // Several users there; or nobody can say now; or the caller may not ask.
                default -> {
                    forwarding.answer(ctx, other);
                    return;
                }
            }
        }
        if (entries.size() + found.size() > 1) {
            throw ambiguous();
        }
        if (found.isEmpty()) {
            answer(ctx, uid, entries);
        } else {
            forwarding.answer(ctx, found.get(0));
        }
    }
}
