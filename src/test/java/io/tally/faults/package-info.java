/** What the ledger goes through: kills, take-overs, dead brokers, foreign clients. Judged by the independent model of the proof package. */
@NullMarked
package io.tally.faults;

import org.jspecify.annotations.NullMarked;
