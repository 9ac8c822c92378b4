package io.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.tally.faults.Attempt;
import io.tally.faults.Attempt.Meaning;
import io.tally.faults.HttpAnswer;
import io.tally.faults.Sighting;
import io.tally.faults.Write;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** 500 is no promise while a file is broken, and a broken promise at any other time. */
class BrokenStoresTest {
    private static final HttpAnswer FAILED = new HttpAnswer(500, MissingNode.getInstance(), false, null, null);
    private static final HttpAnswer UNAVAILABLE = new HttpAnswer(503, MissingNode.getInstance(), false, null, null);

    private final BrokenStores broken = new BrokenStores(
            List.of(injection(FaultKind.FLIPPED_BYTES, 100, 200), injection(FaultKind.KILL_INSTANCE, 300, 400)));

    @Test
    void shouldNotKnowWhatCameOfWritesThatMetABrokenStore() {
        assertThat(broken.withoutWrites(List.of(attempt(FAILED, 150), attempt(UNAVAILABLE, 150), attempt(FAILED, 350))))
                .extracting(Attempt::meaning)
                .containsExactly(Meaning.UNKNOWN, Meaning.UNWRITTEN, Meaning.FORBIDDEN);
        assertThat(broken.count()).isEqualTo(1);
    }

    @Test
    void shouldForgetLooksThatMetABrokenStore() {
        Sighting other = sighting(FAILED, 350);

        assertThat(broken.withoutReads(List.of(sighting(FAILED, 150), other))).containsExactly(other);
        assertThat(broken.count()).isEqualTo(1);
    }

    private static Injection injection(FaultKind kind, long from, long to) {
        return new Injection(1, kind, "done", null, from, to, 0, 0, 0, List.of());
    }

    private static Attempt attempt(HttpAnswer answer, long at) {
        Write write = new Write(new UUID(1, 2), "ada", "DEPOSIT", BigDecimal.ONE);
        return new Attempt(write, "one", at, at + 1, answer);
    }

    private static Sighting sighting(HttpAnswer answer, long at) {
        return new Sighting("ada", "one", 0, false, at, at + 1, answer);
    }
}
