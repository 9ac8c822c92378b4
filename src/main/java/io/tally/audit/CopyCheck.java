package io.tally.audit;

import io.tally.audit.AuditReport.Finding;
import io.tally.audit.AuditReport.Kind;
import io.tally.audit.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that every record in a wrong partition has one copy in its right one; either may be read first. Thread-safe. */
final class CopyCheck {
    /** How a copy is found: by what its header says, in the partition where it must be. */
    private record Name(String hop, int partition) {}

    /** What a copy must have in common with its original: whose command it is, its bytes, and how they are to be read. */
    private record Content(Fingerprint bytes, boolean event) {
        static Content of(byte @Nullable [] userId, LogRecord record) {
            return new Content(
                    Fingerprint.of(userId, record.value(), Integer.MAX_VALUE, Integer.MAX_VALUE), record.isEvent());
        }
    }

    private record Expected(String topic, Position original, Content content) {}

    private record Copy(LogRecord record, Content content) {}

    private final Findings findings;
    private final Map<Name, Expected> expected = new HashMap<>();
    private final Map<Name, Copy> copies = new HashMap<>();
    /** The place of the copy of each original, since one record may be read twice. */
    private final PositionTable met = new PositionTable();

    CopyCheck(Findings findings) {
        this.findings = findings;
    }

    synchronized void expect(Rerouted rerouted, LogRecord original) {
        Position at = original.position();
        Name name = new Name(at + ":" + original.timestamp(), rerouted.partition());
        byte[] key = rerouted.userId().getBytes(StandardCharsets.UTF_8);
        Expected one = new Expected(original.topic(), at, Content.of(key, original));
        Copy copy = copies.remove(name);
        if (copy == null) {
            expected.put(name, one);
        } else {
            compare(one, copy);
        }
    }

    synchronized void copy(LogRecord record) {
        String hop = record.header(LogRecord.HOP_HEADER);
        Name name = new Name(hop == null ? "" : hop, record.position().partition());
        Copy copy = new Copy(record, Content.of(record.key(), record));
        Expected one = expected.remove(name);
        long first = met.get(record.origin());
        if (one != null) {
            compare(one, copy);
        } else if (first != PositionTable.NONE) {
            refuseSecond(first, record);
        } else {
            Copy earlier = copies.putIfAbsent(name, copy);
            if (earlier != null) {
                refuseSecond(PositionTable.packed(earlier.record.position()), record);
            }
        }
    }

    private void refuseSecond(long first, LogRecord record) {
        long second = PositionTable.packed(record.position());
        // In another partition, it is a client's that has made up the header.
        if (second != first && PositionTable.isSamePartition(first, second)) {
            findings.violated(Kind.DOUBLED_COPY, record, "one copy of input " + record.origin());
        }
    }

    private void compare(Expected one, Copy copy) {
        met.put(one.original, copy.record.position());
        if (!one.content.equals(copy.content)) {
            findings.violated(Kind.COPY_CONTENT, copy.record, "user, value and content type of input " + one.original);
        }
    }

    synchronized boolean isUnsettled() {
        return !expected.isEmpty();
    }

    /** Everything was read: what is expected will not come. Of copies that nothing explains, clients made up the header. */
    synchronized void settle() {
        expected.forEach((name, one) -> findings.violated(new Finding(
                Kind.MISSING_COPY, one.topic, one.original, "a copy in partition " + name.partition, "none")));
        expected.clear();
    }
}
