package io.tally.webhook;

/**
 * What is sent: the same at every attempt.
 *
 * @param id the {@code webhook-id}
 * @param body JSON; must not be changed
 */
record WebhookMessage(String id, byte[] body) {}
