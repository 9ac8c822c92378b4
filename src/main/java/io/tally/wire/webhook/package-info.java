/**
 * Webhooks as they stand in topics: the endpoints that services have registered, how far each was told, and what could not be
 * delivered. Tally itself wrote all of it, so it is decoded strictly: a broken record is an {@link
 * java.lang.IllegalArgumentException}. Immutable and safe for use by several threads.
 */
@NullMarked
package io.tally.wire.webhook;

import org.jspecify.annotations.NullMarked;
