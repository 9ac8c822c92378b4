package io.tally.app.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was measured on.
 *
 * @param cpu its model
 * @param memoryMib of the whole machine; 0 when the system does not tell
 */
public record Machine(int cores, String cpu, long memoryMib, String kernel, String jdk) {
    private static final String UNKNOWN = "unknown";
    private static final long KIB_PER_MIB = 1024;

    /** This one. */
    public static Machine here() {
        String memory = value("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value("/proc/cpuinfo", "model name"),
                memory.isEmpty() ? 0 : Long.parseLong(memory) / KIB_PER_MIB,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }

    /** The first value of that name in a file of "name: value" lines. */
    private static String value(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    @Override
    public String toString() {
        return cores + " cores (" + cpu + "), " + memoryMib + " MiB, " + kernel + ", " + jdk;
    }
}
