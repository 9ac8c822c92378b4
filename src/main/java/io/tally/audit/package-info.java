/**
 * The independent auditor: a model of the ledger, written from the contract alone, and the comparison of what a ledger wrote
 * with what the model says. It imports nothing else of Tally, so that one misunderstanding cannot hide on both sides; what the
 * two have in common are the formats on the wire and the currency table, a file.
 *
 * <p>It reads each partition's input and outcomes side by side and keeps, per (user, uid), only what tells a repeat from a
 * conflict: millions of commands fit into a heap of one gigabyte.
 */
@NullMarked
package io.tally.audit;

import org.jspecify.annotations.NullMarked;
