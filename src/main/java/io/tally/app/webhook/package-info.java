/**
 * A receiver of webhooks for trying out. It checks each delivery as a receiver should: that it was signed with the secret and
 * not long ago (Standard Webhooks 1.0.0), and that the outcomes of a user come in order; and it knows again what it was sent
 * before. It shares no code with what signs and sends.
 *
 * <p>Whatever is sent to it, it keeps a bounded amount in memory.
 */
@NullMarked
package io.tally.app.webhook;

import org.jspecify.annotations.NullMarked;
