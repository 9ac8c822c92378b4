package io.tally.proof;

import io.tally.proof.AuditCheck.Cut;
import io.tally.proof.Result.DeadLetter;
import io.tally.proof.Result.Outcome;
import io.tally.proof.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Topics in memory, and a ledger that does what the model says: what an audit must find nothing wrong with. */
final class RightLedger {
    static final int PARTITIONS = 4;
    static final ReferenceModel.Settings SETTINGS = ReferenceModel.Settings.of(PARTITIONS);
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    final List<OutputRecord> outcomes = new ArrayList<>();
    final List<OutputRecord> deadLetters = new ArrayList<>();

    private final List<List<InputRecord>> input = IntStream.range(0, PARTITIONS)
            .mapToObj(i -> (List<InputRecord>) new ArrayList<InputRecord>())
            .toList();
    private final int[] next = new int[PARTITIONS];
    private final ReferenceModel model = new ReferenceModel(SETTINGS);
    private long produced;

    /** Appends a record where the Java producer would. */
    void produce(ProducerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        int partition = record.partition() != null
                ? record.partition()
                : key == null
                        ? (int) (produced % PARTITIONS)
                        : ReferenceModel.partition(new String(key, StandardCharsets.UTF_8), PARTITIONS);
        append(partition, key, record.value(), null);
    }

    /** Appends a command to its user's partition. */
    void produce(String user, String json) {
        produce(new ProducerRecord<>("in", utf8(user), utf8(json)));
    }

    void append(int partition, byte @Nullable [] key, byte @Nullable [] value, @Nullable String hop) {
        List<InputRecord> log = input.get(partition);
        log.add(new InputRecord(partition, log.size(), FIRST_TIMESTAMP + produced++, key, value, hop));
    }

    /** Decides everything that was appended, the copies that it appends itself included. */
    RightLedger process() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            while (next[partition] < input.get(partition).size()) {
                write(input.get(partition).get(next[partition]++));
            }
            if (IntStream.range(0, partition)
                    .anyMatch(i -> next[i] < input.get(i).size())) {
                partition = -1;
            }
        }
        return this;
    }

    List<InputRecord> input() {
        return input.stream().flatMap(List::stream).toList();
    }

    /** The offsets that were committed, by partition. */
    Map<Integer, Long> committed() {
        Map<Integer, Long> offsets = new TreeMap<>();
        IntStream.range(0, PARTITIONS).forEach(i -> offsets.put(i, (long) next[i]));
        return offsets;
    }

    AuditReport audit() {
        return audit(Cut.at(committed()), input());
    }

    AuditReport audit(Cut cut, List<InputRecord> records) {
        AuditCheck check = new AuditCheck(SETTINGS, cut);
        records.forEach(check::input);
        outcomes.forEach(check::outcome);
        deadLetters.forEach(check::deadLetter);
        return check.report();
    }

    private void write(InputRecord record) {
        Result result = model.apply(record);
        if (result instanceof Outcome outcome) {
            outcomes.add(new OutputRecord(
                    record.partition(),
                    outcomes.size(),
                    record.key() == null ? utf8(outcome.request().userId()) : record.key(),
                    utf8(Json.text(outcome.fields())),
                    outcome.headers()));
        } else if (result instanceof DeadLetter letter) {
            deadLetters.add(deadLetter(letter, record));
        } else if (result instanceof Rerouted rerouted) {
            String hop = record.partition() + ":" + record.offset() + ":" + record.timestamp();
            append(rerouted.partition(), utf8(rerouted.userId()), record.value(), hop);
        }
    }

    private OutputRecord deadLetter(DeadLetter letter, InputRecord record) {
        Map<String, String> headers = new HashMap<>();
        headers.put("tally.error.code", letter.code());
        headers.put("tally.error.detail", "Expected something else: " + letter.field());
        headers.put("__streams.errors.topic", "in");
        headers.put("__streams.errors.partition", String.valueOf(letter.origin().partition()));
        headers.put("__streams.errors.offset", String.valueOf(letter.origin().offset()));
        return new OutputRecord(0, deadLetters.size(), record.key(), record.value(), headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
