package io.tally.app;

import java.time.Duration;

/** The ledger of one instance with its HTTP API. */
final class Service implements AutoCloseable {
    private Service() {}

    /** Starts it and returns at once. */
    static Service start(TallyConfig config) {
        throw new UnsupportedOperationException("Expected the service to be wired for " + config.dataDirectory());
    }

    /** Waits until it answers; false when it does not in this time. */
    boolean awaitReady(Duration timeout) {
        throw new UnsupportedOperationException("Expected to wait for at most " + timeout);
    }

    /** The port of the HTTP API, also when any free one was asked for. */
    int httpPort() {
        throw new UnsupportedOperationException("Expected a port");
    }

    /** Stops it and waits. */
    @Override
    public void close() {}
}
