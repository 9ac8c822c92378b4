package io.tally.http;

import java.time.Duration;

/**
 * How long the server waits for a client. Bytes that drip prolong only the first.
 *
 * @param silence a connection on which nothing moves is closed after it, between requests as well as within one
 * @param head from the first byte of a request to the end of its head, to the second
 * @param body from the head to the end of the body
 * @param unread how long what the network has not taken of an answer is kept
 */
record Patience(Duration silence, Duration head, Duration body, Duration unread) {
    /** Ten seconds bring 1 MiB over a line of 1 Mbit/s. */
    static final Patience STANDARD = new Patience(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
}
