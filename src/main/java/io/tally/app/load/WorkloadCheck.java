package io.tally.app.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Holds all outcomes of a workload against the model: one for each command, each as it must be. Confined to one thread. */
public final class WorkloadCheck {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Who has seen so many need not see more. */
    private static final int MOST_CONTRADICTIONS = 100;

    private final Workload workload;
    private final int commands;
    private final Model model;
    private final BitSet seen;
    /** By user, the command decided last: those of a user are decided in their order. */
    private final long[] last;

    private final List<String> contradictions = new ArrayList<>();

    /** @param commands how many were written, from 0 on */
    public WorkloadCheck(Workload workload, long commands) {
        this.workload = workload;
        this.commands = Math.toIntExact(commands);
        this.model = new Model(workload);
        this.seen = new BitSet(this.commands);
        this.last = new long[workload.users()];
        Arrays.fill(last, -1);
    }

    /** Reads a topic of outcomes from its beginning to its end; returns what is wrong with it. */
    public List<String> read(String bootstrapServers, String topic) {
        try (CommittedRecords records = CommittedRecords.fromBeginning(bootstrapServers, topic)) {
            long heard = System.nanoTime();
            while (!records.atEnd() && System.nanoTime() - heard < PATIENCE.toNanos()) {
                for (var batch = records.poll(POLL); !batch.isEmpty(); batch = records.poll(POLL)) {
                    batch.forEach(record -> take(record.value()));
                    heard = System.nanoTime();
                }
            }
        }
        return contradictions();
    }

    /** Takes the next outcome of its partition. */
    void take(byte[] json) {
        try {
            take(OutcomeText.read(json));
        } catch (IOException e) {
            contradict(e.getMessage() + " of " + new String(json, StandardCharsets.UTF_8));
        }
    }

    private void take(OutcomeText outcome) {
        long command = workload.commandOf(outcome.uid());
        if (command < 0 || command >= commands) {
            contradict("Expected outcomes of commands that were sent, but got " + outcome);
        } else if (seen.get((int) command)) {
            contradict("Expected one outcome of " + outcome.uid() + ", but there is another: " + outcome);
        } else {
            seen.set((int) command);
            int user = workload.user(command);
            if (command < last[user]) {
                contradict(
                        "Expected command " + command + " to be decided before " + last[user] + ", but it was after");
            }
            last[user] = command;
            Model.Decision decision = model.decide(command);
            boolean right = workload.userOf(outcome.userId()) == user
                    && outcome.accepted() == (decision.delta() != 0)
                    && decision.equals(new Model.Decision(outcome.delta(), outcome.balance(), outcome.sequence()));
            if (!right) {
                contradict("Expected " + decision + " of command " + command + ", but got " + outcome);
            }
        }
    }

    private void contradict(String contradiction) {
        if (contradictions.size() < MOST_CONTRADICTIONS) {
            contradictions.add(contradiction);
        }
    }

    /** What was wrong so far, and what is missing. */
    List<String> contradictions() {
        List<String> all = new ArrayList<>(contradictions);
        int missing = commands - seen.cardinality();
        if (missing > 0) {
            all.add("Expected an outcome of each of " + commands + " commands, but " + missing
                    + " have none, among them " + workload.uid(seen.nextClearBit(0)));
        }
        return all;
    }

    /** The balances that must be served now. */
    public Model model() {
        return model;
    }
}
