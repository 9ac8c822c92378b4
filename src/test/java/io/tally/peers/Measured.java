package io.tally.peers;

import java.util.List;

/**
 * What one measurement came to.
 *
 * @param perSecond commands decided, durably as far as the peer is durable
 * @param commands how many were measured
 * @param faults what was wrong with the results; with any the rate means nothing
 */
record Measured(double perSecond, long commands, List<String> faults) {}
