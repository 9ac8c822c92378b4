/** The HTTP API, on Javalin. Every error is an RFC 9457 problem with a stable code. */
@NullMarked
package io.tally.http;

import org.jspecify.annotations.NullMarked;
