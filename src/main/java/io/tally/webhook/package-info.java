/**
 * Webhooks: tells endpoints of outcomes. Whoever registers an endpoint chooses where this machine connects to, so that every
 * target is checked and everything that is read from it is bounded.
 */
@NullMarked
package io.tally.webhook;

import org.jspecify.annotations.NullMarked;
