package io.tally.proof;

import io.tally.proof.AuditReport.Kind;
import io.tally.proof.Result.Rerouted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks that every record in a wrong partition has one copy in its right one. */
final class CopyCheck {
    private record Expected(Rerouted rerouted, InputRecord original) {}

    private final Findings findings;
    private final List<Expected> expected = new ArrayList<>();
    private final Map<String, List<InputRecord>> copiesByHop = new HashMap<>();

    CopyCheck(Findings findings) {
        this.findings = findings;
    }

    void copy(InputRecord copy) {
        copiesByHop.computeIfAbsent(copy.hop(), hop -> new ArrayList<>()).add(copy);
    }

    void expect(Rerouted rerouted, InputRecord original) {
        expected.add(new Expected(rerouted, original));
    }

    void finish() {
        for (Expected one : expected) {
            InputRecord original = one.original;
            String hop = original.partition() + ":" + original.offset() + ":" + original.timestamp();
            List<InputRecord> copies = copiesByHop.getOrDefault(hop, List.of()).stream()
                    .filter(copy -> copy.partition() == one.rerouted.partition())
                    .toList();
            if (copies.isEmpty()) {
                findings.violated(
                        Kind.MISSING_COPY, () -> "to partition " + one.rerouted.partition() + " of input " + original);
            } else if (copies.size() > 1) {
                findings.violated(Kind.DOUBLED_COPY, () -> "input " + copies.get(1));
            } else if (!isCopy(copies.get(0), one)) {
                findings.violated(Kind.COPY_CONTENT, () -> "input " + copies.get(0) + " of " + original);
            }
        }
    }

    private static boolean isCopy(InputRecord copy, Expected one) {
        byte[] key = one.rerouted.userId().getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(copy.key(), key) && Arrays.equals(copy.value(), one.original.value());
    }
}
