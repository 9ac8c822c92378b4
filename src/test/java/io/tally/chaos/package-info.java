/**
 * A long run under load in which everything breaks, again and again, in an order that a seed gives. What is broken is said by
 * {@link io.tally.chaos.FaultKind}; what must hold all the time, by the audit and by the checks of the faults package.
 */
@NullMarked
package io.tally.chaos;

import org.jspecify.annotations.NullMarked;
