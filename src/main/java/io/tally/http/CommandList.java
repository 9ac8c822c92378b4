package io.tally.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The commands of one request body, each as the bytes that were sent. */
final class CommandList {
    /** Several would take longer than a caller waits. */
    static final int MAX_COMMANDS = 1_000;

    /** Of a request body, 1 MiB: commands are some hundred bytes long. */
    static final int MAX_BYTES = 1 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            // Else offsets would not be those of the bytes.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private CommandList() {}

    /**
     * The elements of a JSON array.
     *
     * @throws RequestRefusedException if it is none, or has too many
     */
    static List<byte[]> ofArray(byte[] json) {
        List<byte[]> commands = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw notAList();
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw notAList();
                }
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                add(commands, Arrays.copyOfRange(json, start, (int)
                        parser.currentLocation().getByteOffset()));
            }
            if (parser.nextToken() != null) {
                throw notAList();
            }
        } catch (IOException e) {
            throw notAList();
        }
        return commands;
    }

    /**
     * The lines that are not blank.
     *
     * @throws RequestRefusedException if there are too many
     */
    static List<byte[]> ofLines(byte[] ndjson) {
        List<byte[]> commands = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= ndjson.length; i++) {
            if (i == ndjson.length || ndjson[i] == '\n') {
                byte[] line = Arrays.copyOfRange(ndjson, start, i);
                if (!isBlank(line)) {
                    add(commands, line);
                }
                start = i + 1;
            }
        }
        return commands;
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }

    private static void add(List<byte[]> commands, byte[] command) {
        if (commands.size() == MAX_COMMANDS) {
            throw new RequestRefusedException(
                    Problem.of(ProblemCode.TOO_LARGE, "Expected at most " + MAX_COMMANDS + " commands"));
        }
        commands.add(command);
    }

    private static RequestRefusedException notAList() {
        return new RequestRefusedException(
                Problem.of(ProblemCode.INVALID_COMMAND, "Expected a JSON array of objects; none was written"));
    }
}
