package io.tally.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process whose use of the machine is measured, where the system tells in {@code /proc}.
 *
 * @param name for its figures
 */
public record Watched(String name, long pid) {
    /** Of USER_HZ, which is 100 on every Linux. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TIME = 11;
    private static final double KIB_PER_MIB = 1024;

    /** Processor time so far, of all its threads, in seconds; NaN when the system does not tell. */
    double cpuSeconds() {
        try {
            String stat = Files.readString(file("stat"));
            // The command's name, in parentheses, can hold blanks; the state follows.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The most memory that it had resident so far, in MiB; NaN when the system does not tell. */
    double peakRssMib() {
        try {
            return Files.readAllLines(file("status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }
}
