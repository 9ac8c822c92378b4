package io.tally.wire;

import io.tally.ledger.Command;
import java.util.Comparator;
import java.util.List;

/** What an input record turned out to be. */
public sealed interface Decoded {
    /** A well-formed command, ready to be decided. */
    record Valid(Command command) implements Decoded {}

    /**
     * A record that cannot be decided.
     *
     * @param flaws what is wrong with it, at least one, in field order; they are kept by precedence of their codes
     */
    record Invalid(List<Flaw> flaws) implements Decoded {
        public Invalid {
            flaws = flaws.stream().sorted(Comparator.comparing(Flaw::code)).toList();
            if (flaws.isEmpty()) {
                throw new IllegalArgumentException("Expected at least one flaw, but got none");
            }
        }

        /** The flaw that takes precedence: its code is the dead letter's. */
        public Flaw first() {
            return flaws.get(0);
        }
    }
}
