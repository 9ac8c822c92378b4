package io.tally.app;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a service is made of, as far as it was made: closed in one order, whatever the order of making, and also when the
 * making fails midway. For one thread.
 */
final class ServiceParts implements AutoCloseable {
    /** The parts, in the order in which they are closed. */
    enum Part {
        /** It asks the ledger's client of the brokers. */
        INPUT_METRICS,
        /** What the ledger still commits is told after the next start: nothing is lost, and nobody waits for it here. */
        WEBHOOKS,
        LEDGER,
        /** Callers who wait for a decision: none comes any more, and HTTP is not done before they have an answer. */
        WAITING_CALLERS,
        HTTP,
        FEED,
        DEAD_LETTERS,
        CLUSTER,
        COMMANDS,
        /** Last: as long as anybody can ask, they tell of a ledger that does not come to an end. */
        PROCESS_METRICS
    }

    private final Map<Part, Runnable> open = new EnumMap<>(Part.class);

    /** Takes charge of how a part is closed. */
    void add(Part part, Runnable close) {
        open.put(part, close);
    }

    /** Closes what there is, once; where one fails, the others are closed all the same. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Part part : Part.values()) {
            Runnable close = open.remove(part);
            if (close == null) {
                continue;
            }
            try {
                close.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
