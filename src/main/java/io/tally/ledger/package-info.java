/**
 * The rules of the ledger: pure decisions over a read-only view, and the arithmetic of what follows from them.
 *
 * <p>Nothing in here knows Kafka, RocksDB, JSON, a clock or any other I/O. {@link io.tally.ledger.Ledger#decide}
 * never changes anything; {@link io.tally.ledger.AccountHead#after} never refuses anything.
 */
@NullMarked
package io.tally.ledger;

import org.jspecify.annotations.NullMarked;
