package io.tally.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The instructions of the Dockerfile, by stage. */
public final class Dockerfile {
    /** The image's own answer to whether it is healthy. */
    static final String HEALTHCHECK = "/opt/tally/healthcheck";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STAGE = Pattern.compile("(\\S+) AS (\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(\\S+)");

    /**
     * One instruction.
     *
     * @param stage the stage's name, empty before the first
     * @param arguments in one line
     */
    record Instruction(String stage, String keyword, String arguments) {
        /** The exec form's words. */
        List<String> words() throws IOException {
            return List.of(JSON.readValue(arguments.replaceFirst("^[^\\[]*", ""), String[].class));
        }
    }

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, String> bases = new LinkedHashMap<>();

    private Dockerfile() {}

    public static Dockerfile read() throws IOException {
        Dockerfile file = new Dockerfile();
        // Comments may stand inside an instruction.
        String text = Files.readString(Path.of("Dockerfile")).replaceAll("(?m)^\\s*#.*\\R", "");
        String stage = "";
        for (String line : text.replaceAll("\\\\\\R\\s*", "").split("\\R")) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            if (parts[0].equals("FROM")) {
                Matcher from = STAGE.matcher(parts[1]);
                if (!from.matches()) {
                    throw new IllegalArgumentException("Expected FROM … AS …, but got " + line);
                }
                stage = from.group(2);
                file.bases.put(stage, from.group(1));
            }
            file.instructions.add(new Instruction(stage, parts[0], parts[1]));
        }
        return file;
    }

    List<Instruction> instructions() {
        return instructions;
    }

    /** What each stage begins with, by its name, in order. */
    Map<String, String> bases() {
        return bases;
    }

    List<Instruction> all(String keyword) {
        return instructions.stream()
                .filter(instruction -> instruction.keyword().equals(keyword))
                .toList();
    }

    /** The one instruction of its kind. */
    Instruction only(String keyword) {
        List<Instruction> found = all(keyword);
        if (found.size() != 1) {
            throw new AssertionError("Expected one " + keyword + ", but got " + found);
        }
        return found.get(0);
    }

    /** What every container of the image gets. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        VARIABLE.matcher(only("ENV").arguments())
                .results()
                .forEach(match -> environment.put(match.group(1), match.group(2)));
        return environment;
    }
}
