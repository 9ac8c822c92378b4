package io.tally.gateway.webhook;

/** Why a change is not made. */
public enum UpdateRefusal {
    /** There are {@link WebhookRegistry#MAX_ENDPOINTS} already. */
    TOO_MANY_ENDPOINTS,
    /** The endpoint has {@link WebhookRegistry#MAX_REPLAYS} that are not done. */
    TOO_MANY_REPLAYS,
    /** The key was used for an endpoint that has other settings now. */
    OTHER_SETTINGS,
    /** The endpoint is not in the version that the change was meant for. */
    OTHER_VERSION,
    /** The output has no such place. */
    NOT_IN_OUTPUT
}
