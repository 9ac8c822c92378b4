/**
 * Webhooks as services and operators see them. {@link io.tally.gateway.webhook.WebhookRegistry} holds who is told: it follows
 * the topic of endpoints, and changes it in one order over all instances. {@link io.tally.gateway.webhook.WebhookGateway} is
 * what the API asks. Secrets are in endpoints and nowhere else: no text of an object and no log line holds one. Knows no HTTP.
 */
@NullMarked
package io.tally.gateway.webhook;

import org.jspecify.annotations.NullMarked;
