package io.tally.app.bench;

import java.util.Map;

/**
 * One measurement of a scenario.
 *
 * @param faults how many requests failed, by how
 */
record Repetition(Figures figures, Map<String, Long> faults) {}
