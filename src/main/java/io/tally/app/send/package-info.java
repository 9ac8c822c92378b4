/**
 * A client that puts commands on Kafka and learns what became of each: an outcome, a dead letter, or nothing new because
 * the uid was decided before.
 *
 * <p>It holds at most {@link io.tally.app.send.Sender#MAX_IN_FLIGHT} commands in memory, however many it sends.
 */
@NullMarked
package io.tally.app.send;

import org.jspecify.annotations.NullMarked;
