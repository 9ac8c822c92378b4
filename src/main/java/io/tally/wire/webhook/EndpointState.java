package io.tally.wire.webhook;

/** Whether an endpoint is told anything. While it is not, its place in the output is kept. */
public enum EndpointState {
    /** Outcomes are delivered. */
    ACTIVE,
    /** An operator has stopped deliveries. */
    PAUSED,
    /** Tally has stopped deliveries, for a {@link DisabledReason}; an operator can start them again. */
    DISABLED
}
