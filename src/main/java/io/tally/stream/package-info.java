/**
 * The ledger as a Kafka Streams application: topics, start checks, topology, and the transaction hooks that the journal
 * store lives by. The only floor that runs Kafka Streams.
 *
 * <p><b>The transaction.</b> One per stream thread, with all its partitions: {@link io.tally.stream.TxScope}. Our
 * {@link io.tally.stream.TxProducer} knows when it commits or aborts and tells the stores;
 * our {@link io.tally.stream.TxConsumer} asks for a commit as soon as what waits is decided, or is much. What cannot be repaired
 * without risk to money ends the process ({@link io.tally.stream.FailStop}); the next start goes on from the bookmark.
 */
@NullMarked
package io.tally.stream;

import org.jspecify.annotations.NullMarked;
