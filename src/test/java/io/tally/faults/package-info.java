/** What the ledger goes through: kills, take-overs, dead brokers, foreign clients. Judged by the independent auditor,
 * {@code io.tally.audit}. */
@NullMarked
package io.tally.faults;

import org.jspecify.annotations.NullMarked;
