package io.tally.audit;

import io.tally.audit.Result.DeadLetter;
import io.tally.audit.Result.Outcome;
import io.tally.audit.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Topics in memory, and a ledger that does what the model says: what an audit must find nothing wrong with. */
public final class RightLedger {
    static final int PARTITIONS = 4;
    static final AuditSettings SETTINGS = Records.settings(PARTITIONS);
    private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);
    private static final int MAX_VALUE_BYTES = 64 * 1024;
    private static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    final List<LogRecord> outcomes = new ArrayList<>();
    final List<LogRecord> deadLetters = new ArrayList<>();

    private final List<List<LogRecord>> input = IntStream.range(0, PARTITIONS)
            .mapToObj(i -> (List<LogRecord>) new ArrayList<LogRecord>())
            .toList();
    private final int[] next = new int[PARTITIONS];
    private final ReferenceModel model = new ReferenceModel(SETTINGS);
    private long produced;

    /** Appends a record where the Java producer would. */
    public void produce(ProducerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        int partition = record.partition() != null
                ? record.partition()
                : key == null
                        ? (int) (produced % PARTITIONS)
                        : ReferenceModel.partition(new String(key, StandardCharsets.UTF_8), PARTITIONS);
        append(partition, key, record.value(), record.headers());
    }

    /** Appends a command to its user's partition. */
    void produce(String user, String json) {
        produce(new ProducerRecord<>("in", utf8(user), utf8(json)));
    }

    void append(int partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        List<LogRecord> log = input.get(partition);
        Position position = new Position(partition, log.size());
        log.add(new LogRecord("in", position, FIRST_TIMESTAMP + produced++, key, value, headers));
    }

    /** Decides everything that was appended, the copies that it appends itself included. */
    public RightLedger process() {
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

    List<LogRecord> input() {
        return input.stream().flatMap(List::stream).toList();
    }

    /** The offsets that were committed, by partition. */
    public Map<Integer, Long> committed() {
        Map<Integer, Long> offsets = new TreeMap<>();
        IntStream.range(0, PARTITIONS).forEach(i -> offsets.put(i, (long) next[i]));
        return offsets;
    }

    public AuditReport audit() {
        return audit(Cut.at(committed()), input());
    }

    /** The same as if all behind these offsets had been decided while the audit was reading. */
    public AuditReport auditAtWork(Map<Integer, Long> before) {
        return audit(new Cut(before, committed()), input());
    }

    AuditReport audit(Cut cut, List<LogRecord> records) {
        AuditCheck check = new AuditCheck(SETTINGS, ALL, outcome -> {}, 20);
        check.cut(cut);
        records.stream().filter(record -> cut.covers(record.position())).forEach(check::input);
        records.stream().filter(record -> !cut.covers(record.position())).forEach(check::beyond);
        outcomes.forEach(check::outcome);
        deadLetters.forEach(check::deadLetter);
        return check.report();
    }

    private void write(LogRecord record) {
        Result result = model.apply(record);
        if (result instanceof Outcome outcome) {
            outcomes.add(Records.output(
                    record.position().partition(),
                    outcomes.size(),
                    record.key() == null ? utf8(outcome.request().userId()) : record.key(),
                    utf8(Json.text(outcome.fields())),
                    outcome.headers()));
        } else if (result instanceof DeadLetter letter) {
            deadLetters.add(deadLetter(letter, record));
        } else if (result instanceof Rerouted rerouted) {
            Headers headers = new RecordHeaders();
            headers.add("tally.hop", utf8(record.position() + ":" + record.timestamp()));
            if (record.isEvent()) {
                headers.add("content-type", utf8("application/cloudevents+json"));
            }
            append(rerouted.partition(), utf8(rerouted.userId()), record.value(), headers);
        }
    }

    private LogRecord deadLetter(DeadLetter letter, LogRecord record) {
        Map<String, String> headers = new HashMap<>();
        headers.put("tally.error.code", letter.code());
        headers.put("tally.error.detail", "Expected something else: " + letter.field());
        headers.put("__streams.errors.message", "Expected something else: " + letter.field());
        headers.put("__streams.errors.topic", "in");
        headers.put("__streams.errors.partition", String.valueOf(letter.origin().partition()));
        headers.put("__streams.errors.offset", String.valueOf(letter.origin().offset()));
        byte[] value = record.value();
        if (value != null && value.length > MAX_VALUE_BYTES) {
            value = Arrays.copyOf(value, MAX_VALUE_BYTES);
            headers.put("tally.truncated", "value");
        }
        return Records.output(0, deadLetters.size(), record.key(), value, headers);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
