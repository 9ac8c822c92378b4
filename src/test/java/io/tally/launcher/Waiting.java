package io.tally.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that does nothing until it is told to end, for a minute at most. */
public final class Waiting {
    static final String READY = "waiting";

    private Waiting() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println(READY);
        var unused = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
    }
}
