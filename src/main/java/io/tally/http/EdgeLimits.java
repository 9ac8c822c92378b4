package io.tally.http;

import io.tally.wire.CommandDecoder;

/** How much the server takes from clients that it knows nothing about yet; {@link Patience} is how long. */
final class EdgeLimits {
    /** Request line and header fields together, bytes. A token, a cursor and a trace need less than 1 KiB. */
    static final int HEAD_BYTES = 8 * 1024;

    /** A body of many commands. */
    static final int BULK_BODY_BYTES = 1024 * 1024;

    /** What is still read of a body that was refused, bytes; who sends more loses the connection, and perhaps the answer. */
    static final int DISCARDED_BYTES = 8 * BULK_BODY_BYTES;

    /** Connections at once. More wait in the system's queue; each costs a file handle and, while it asks, a few KiB. */
    static final int CONNECTIONS = 4_096;

    /**
     * Connections that were made and not accepted yet. Java's 50 overflow when many clients come at once, each of which then waits
     * for seconds.
     */
    static final int NEW_CONNECTIONS = 1_024;

    /** What one answer may be ahead of its reader before the writer waits: more than the answer to a full bulk call. */
    static final int UNREAD_BYTES = 1024 * 1024;

    /** Bodies and answers on the heap that wait for slow clients, of all connections together. */
    static final long WAITING_BYTES = 64L * 1024 * 1024;

    private static final String BULK_PATH = "/v1/transactions";

    private EdgeLimits() {}

    /**
     * How long a body may be, in bytes: that of one command, but for the bulk call. A slash at the end makes no other call.
     *
     * @param path as it was sent: Javalin, too, decodes nothing of it but parameters, so with escapes it is no call
     */
    static int bodyBytes(String path) {
        return path.equals(BULK_PATH) || path.equals(BULK_PATH + "/")
                ? BULK_BODY_BYTES
                : CommandDecoder.MAX_VALUE_BYTES;
    }
}
