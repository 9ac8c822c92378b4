package io.tally.planted;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one run.
 *
 * @param fault none for a build that is not broken
 * @param fired how often the fault changed something, at least
 * @param stops why the program stopped itself or did not start, when nobody had asked for it
 * @param audited one line per kind of violation that the audit found
 * @param looked what look-ups showed that they must not
 * @param records input records that the audit compared
 * @param looks look-ups that were held against the model
 */
record PlantedRun(
        @Nullable Fault fault,
        long fired,
        List<String> stops,
        List<String> audited,
        List<String> looked,
        long records,
        long looks,
        Duration took) {

    private static final int CELL_CHARACTERS = 70;

    /** All findings by who made them, in the order in which they would be noticed. */
    private Map<String, List<String>> findingsByCatcher() {
        Map<String, List<String>> found = new LinkedHashMap<>();
        found.put("the ledger's own check", stops);
        found.put("audit", audited);
        found.put("look-ups against the model", looked);
        found.values().removeIf(List::isEmpty);
        return found;
    }

    boolean caught() {
        return !findingsByCatcher().isEmpty();
    }

    static String head() {
        return "| planted fault | fired | caught by | first finding |\n|---|---|---|---|\n";
    }

    /** The run as a row of a Markdown table. */
    String row() {
        List<String> catchers = new ArrayList<>(findingsByCatcher().keySet());
        String harmless = fault == null ? "" : fault.harmlessBecause();
        String nobody = harmless.isEmpty() ? "nobody" : "nobody: harmless, " + harmless;
        String first = findingsByCatcher().values().stream()
                .map(findings -> findings.get(0))
                .findFirst()
                .orElse("");
        return "| " + (fault == null ? "none" : fault.what()) + " | " + (fault == null ? "" : times()) + " | "
                + (catchers.isEmpty() ? nobody : String.join(", ", catchers)) + " | " + cell(first) + " |";
    }

    private String times() {
        return fired > 1 ? fired + " or more" : "" + fired;
    }

    private static String cell(String text) {
        String line = text.replaceAll("\\s+", " ").replace("|", "\\|");
        return line.length() > CELL_CHARACTERS ? line.substring(0, CELL_CHARACTERS) + " …" : line;
    }

    @Override
    public String toString() {
        return row() + "\n  " + records + " records, " + looks + " looks, " + took.toMillis() + " ms\n  "
                + String.join("\n  ", List.of("stops " + stops, "audited " + audited, "looked " + looked));
    }
}
