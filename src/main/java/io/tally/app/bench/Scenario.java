package io.tally.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Something that is measured. */
interface Scenario {
    /** Short, as the option {@code --scenarios} has it. */
    String name();

    /** Under what conditions it is measured, for the head of its table. */
    String conditions();

    /** How often it is measured when so many repetitions are asked for. */
    default int repetitions(int asked) {
        return asked;
    }

    /** Whether it runs unmeasured first. */
    default boolean warmsUp() {
        return true;
    }

    /** Gets ready for the next measurement; takes as long as it takes. */
    default void prepare() throws IOException, InterruptedException {}

    /** Measures for a time, or for as long as its work takes where there is a given amount of that. */
    Repetition run(Duration time) throws IOException, InterruptedException;

    /** Checks afterwards that the ledger kept what it had answered; returns what it did not. */
    List<String> verify() throws IOException;
}
