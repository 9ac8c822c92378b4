package io.tally.app.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Java process keeps on its heap when all garbage is collected. */
final class LiveHeap {
    /** The last line of a class histogram: instances, bytes. */
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private static final double BYTES_PER_MIB = 1 << 20;

    private LiveHeap() {}

    /** In MiB; NaN where the JDK's {@code jcmd} is missing or refused. */
    static double mib(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return Double.NaN;
        }
        // A histogram counts what is reachable, and so collects everything first.
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return total(histogram);
    }

    /** The total of a histogram in MiB; NaN when it has none. */
    static double total(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        return total.find() ? Long.parseLong(total.group(1)) / BYTES_PER_MIB : Double.NaN;
    }
}
