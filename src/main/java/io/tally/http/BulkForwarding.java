package io.tally.http;

import io.javalin.http.Context;
import io.tally.stream.InstanceAddress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** The commands of one bulk request that other instances decide: one request to each of these. */
final class BulkForwarding {
    private static final Map<String, String> AS_LINES = Map.of("Content-Type", BulkHandler.NDJSON);

    /**
     * What one instance is asked for.
     *
     * @param indexes the commands' places in the whole request
     * @param lines the commands
     */
    private record Part(List<Integer> indexes, ByteArrayOutputStream lines) {}

    private final Forwarding forwarding;
    private final Context ctx;
    private final Map<InstanceAddress, Part> partByOwner = new HashMap<>();

    BulkForwarding(Forwarding forwarding, Context ctx) {
        this.forwarding = forwarding;
        this.ctx = ctx;
    }

    /**
     * Adds a command that an instance decides.
     *
     * @param command valid JSON, so that line breaks are but blanks between its parts
     */
    void add(InstanceAddress owner, int index, byte[] command) {
        Part part =
                partByOwner.computeIfAbsent(owner, ignored -> new Part(new ArrayList<>(), new ByteArrayOutputStream()));
        // Between the lines only: what comes must not grow over the limit of what may come.
        if (part.lines().size() > 0) {
            part.lines().write('\n');
        }
        part.indexes().add(index);
        for (byte character : command) {
            part.lines().write(character == '\n' || character == '\r' ? ' ' : character);
        }
    }

    /**
     * Sends them. The future never fails.
     *
     * @param result takes each command's place and result
     */
    CompletableFuture<Void> send(BiConsumer<Integer, byte[]> result) {
        return CompletableFuture.allOf(partByOwner.entrySet().stream()
                .map(entry -> send(entry.getKey(), entry.getValue()).thenAccept(results -> {
                    for (int i = 0; i < results.size(); i++) {
                        result.accept(entry.getValue().indexes().get(i), results.get(i));
                    }
                }))
                .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<List<byte[]>> send(InstanceAddress owner, Part part) {
        int count = part.indexes().size();
        if (Forwarding.wasForwarded(ctx)) {
            return CompletableFuture.completedFuture(all(count, Problem.unavailable("The partition is moving")));
        }
        return forwarding
                .forward(ctx, owner, AS_LINES, part.lines().toByteArray())
                .thenApply(answer -> results(answer, count));
    }

    /** One result for each of so many commands. */
    List<byte[]> results(Forwarding.Result answer, int count) {
        if (!(answer instanceof Forwarding.Result.Answered answered)) {
            return all(count, Forwarding.problem(ctx, answer));
        }
        if (answered.status() >= 500) {
            // It failed, perhaps in the middle.
            return all(count, Problem.outcomeUnknown("The partition's instance answered " + answered.status()));
        }
        if (answered.status() != 200) {
            // The whole request was refused: nothing of it was written.
            return all(count, Problem.unavailable("The partition's instance answered " + answered.status()));
        }
        List<byte[]> results = CommandList.ofLines(answered.body());
        return results.size() == count
                ? results
                : all(count, Problem.outcomeUnknown("The partition's instance gave an incomplete answer"));
    }

    private static List<byte[]> all(int count, Problem problem) {
        byte[] result = BulkResult.of(problem);
        return Collections.nCopies(count, result);
    }
}
