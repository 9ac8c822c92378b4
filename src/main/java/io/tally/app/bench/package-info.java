/**
 * Measures a ledger from outside, as its clients see it. It judges answers and not speed: an answer that is late counts
 * with its latency, an answer that is wrong fails the run.
 *
 * <p>The load runs beside what it measures, often on the same cores, so it costs as little as it can.
 */
@NullMarked
package io.tally.app.bench;

import org.jspecify.annotations.NullMarked;
