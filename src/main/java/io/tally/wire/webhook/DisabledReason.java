package io.tally.wire.webhook;

/** Why Tally has stopped deliveries to an endpoint. */
public enum DisabledReason {
    /** It answered 410. */
    GONE,
    /** It has taken nothing since before the first attempt of a delivery whose last attempt has failed. */
    FAILING
}
