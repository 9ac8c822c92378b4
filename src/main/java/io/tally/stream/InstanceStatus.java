package io.tally.stream;

import java.time.Instant;

/**
 * How this instance is.
 *
 * @param state Kafka Streams' name for it
 * @param ready whether it takes requests
 * @param since when it came into this state
 */
public record InstanceStatus(String state, boolean ready, Instant since) {}
