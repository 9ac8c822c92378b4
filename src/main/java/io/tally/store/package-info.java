/**
 * The journal store: one RocksDB per partition, written once per committed transaction, and the only place that touches
 * RocksDB.
 *
 * <p>{@link io.tally.store.LedgerStore} is the state store that Kafka Streams sees. What the open transaction wrote lives
 * in an {@link io.tally.store.Overlay} on the heap, which only the processor reads. When the transaction has committed,
 * one batch takes the overlay and the bookmark (the changelog offset that the database has reached) to RocksDB, while the
 * processor goes on above it.
 * Everybody else reads RocksDB, through {@link io.tally.store.LedgerStore#ask}, and so never sees uncommitted money.
 */
@NullMarked
package io.tally.store;

import org.jspecify.annotations.NullMarked;
