/**
 * The codecs: commands, outcomes and dead letters as they stand in topics and HTTP bodies, and the journal's records.
 *
 * <p>Everything that comes from outside is decoded by total functions: bad input is a value, {@link
 * io.tally.wire.Decoded.Invalid}, never an exception. What Tally itself wrote is decoded strictly: a broken journal
 * record is an {@link IllegalArgumentException}. Encoding is a pure function, so a replay gives identical bytes. All
 * public classes are immutable and safe for use by several threads. Kafka stays outside of this package.
 */
@NullMarked
package io.tally.wire;

import org.jspecify.annotations.NullMarked;
