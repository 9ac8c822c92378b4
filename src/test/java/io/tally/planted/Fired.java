package io.tally.planted;

import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the program's output how often its fault has changed something so far: at 1, 2, 4, 8, … */
final class Fired {
    private static final String LINE = "planted fault fired, times: ";
    private static final Pattern COUNT = Pattern.compile(LINE + "(\\d+)");
    private static final AtomicLong TIMES = new AtomicLong();

    private Fired() {}

    static void now() {
        long times = TIMES.incrementAndGet();
        if (Long.bitCount(times) == 1) {
            System.out.println(LINE + times);
        }
    }

    /** How often at least, by what a process has printed. */
    static long times(String output) {
        long times = 0;
        Matcher line = COUNT.matcher(output);
        while (line.find()) {
            times = Long.parseLong(line.group(1));
        }
        return times;
    }
}
