package io.tally.webhook;

/**
 * How many outcomes of a backlog are in memory, and which are dropped when room is needed: those of users whose first one waits for
 * another attempt. They are read again when their turn comes. For one thread.
 */
final class Room {
    /**
     * What is held at most.
     *
     * @param events outcomes in memory; one batch that was read more can come on top
     * @param queues users with something undelivered; nothing new is read for others while there are so many
     */
    record Bounds(int events, int queues) {
        /** Outcomes have less than 1.5 KiB: about 3 MiB for each endpoint. */
        static final Bounds STANDARD = new Bounds(2_000, 2_000);
    }

    private final Bounds bounds;
    private final Turns turns;
    private int events;

    /**
     * All of it is left.
     *
     * @param turns know who waits
     */
    Room(Bounds bounds, Turns turns) {
        this.bounds = bounds;
        this.turns = turns;
    }

    /**
     * Whether more can be read. Makes room where it can.
     *
     * @param queues how many users have something undelivered
     */
    boolean isLeft(int queues) {
        return isLeftForScan() && queues < bounds.queues();
    }

    /** Whether what was read again can be held; for this, the number of users does not count. */
    boolean isLeftForScan() {
        if (events >= bounds.events()) {
            spill();
        }
        return events < bounds.events();
    }

    private void spill() {
        for (UserQueue queue : turns.waiting()) {
            drop(queue, 0);
        }
    }

    /** Holds what comes next behind the outcomes of a queue. */
    void add(UserQueue queue, Event event) {
        queue.add(event);
        events++;
    }

    /** The outcome at the front of a queue, which has it no longer. */
    Event removeFront(UserQueue queue) {
        Event front = queue.removeFront();
        events--;
        return front;
    }

    /** A queue is gone, with all that it has. */
    void release(UserQueue queue) {
        events -= queue.size();
    }

    /** Drops all of a queue but so many at its front. */
    void drop(UserQueue queue, int kept) {
        events -= queue.drop(kept);
        // What it has found is gone: what follows must not be taken for what comes next.
        Scan scan = queue.scan();
        if (scan != null) {
            scan.drop(queue);
        }
    }

    /** How many outcomes are in memory. */
    int events() {
        return events;
    }
}
