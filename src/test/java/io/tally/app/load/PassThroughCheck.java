package io.tally.app.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Holds what a pass-through wrote against the workload: each command once, with the same bytes. Confined to one thread. */
public final class PassThroughCheck {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int UID_AT = "{\"uid\":\"".length();
    private static final int UID_LENGTH = 36;
    /** Who has seen so many need not see more. */
    private static final int MOST_CONTRADICTIONS = 100;

    private final Workload workload;
    private final int commands;
    private final BitSet seen = new BitSet();
    private final List<String> contradictions = new ArrayList<>();

    /** @param commands how many were written, from 0 on */
    public PassThroughCheck(Workload workload, long commands) {
        this.workload = workload;
        this.commands = Math.toIntExact(commands);
    }

    /** Reads a topic of copies from its beginning to its end; returns what is wrong with it. */
    public List<String> read(String bootstrapServers, String topic) {
        try (CommittedRecords records = CommittedRecords.fromBeginning(bootstrapServers, topic)) {
            while (!records.atEnd()) {
                ConsumerRecords<byte[], byte[]> batch = records.poll(POLL);
                batch.forEach(this::take);
            }
        }
        return contradictions();
    }

    /** Takes the next copy of its partition. */
    void take(ConsumerRecord<byte[], byte[]> copy) {
        String uid = new String(copy.value(), UID_AT, UID_LENGTH, StandardCharsets.US_ASCII);
        long command = workload.commandOf(UUID.fromString(uid));
        boolean right = command >= 0
                && command < commands
                && !seen.get((int) command)
                && Arrays.equals(copy.key(), workload.key(command))
                && Arrays.equals(copy.value(), workload.json(command));
        if (right) {
            seen.set((int) command);
        } else if (contradictions.size() < MOST_CONTRADICTIONS) {
            contradictions.add("Expected the first copy of a command, but got "
                    + new String(copy.value(), StandardCharsets.US_ASCII));
        }
    }

    /** What was wrong so far, and what is missing. */
    List<String> contradictions() {
        List<String> all = new ArrayList<>(contradictions);
        if (seen.cardinality() < commands) {
            all.add("Expected " + commands + " copies, but there are " + seen.cardinality());
        }
        return all;
    }
}
