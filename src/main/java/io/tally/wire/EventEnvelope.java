package io.tally.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands around the command in a CloudEvent of structured mode. It must be an event by the rules of CloudEvents 1.0, and
 * decides nothing: user, uid and time are the command's own. Used once, by one thread.
 */
final class EventEnvelope {
    /** The member that holds the command. */
    static final String DATA = "data";

    private static final String BINARY_DATA = "data_base64";
    private static final String VERSION = "specversion";
    private static final String SPOKEN_VERSION = "1.0";
    private static final List<String> REQUIRED = List.of(VERSION, "id", "source", "type", DATA);

    private record Member(JsonToken kind, String text) {}

    private final Map<String, Member> members = new HashMap<>();

    /**
     * Notes a member; null counts as absent.
     *
     * @param text of a string
     */
    void put(String name, JsonToken kind, String text) {
        if (kind != JsonToken.VALUE_NULL && (REQUIRED.contains(name) || name.equals(BINARY_DATA))) {
            members.put(name, new Member(kind, text));
        }
    }

    /** What keeps it from being an event with a command; empty when nothing does. */
    List<Flaw> flaws() {
        List<Flaw> flaws = new ArrayList<>(0);
        for (String name : REQUIRED) {
            Member member = members.get(name);
            if (member == null) {
                flaws.add(flaw(DeadLetterCode.MISSING_FIELD, name));
            } else if (!isRight(name, member)) {
                flaws.add(flaw(DeadLetterCode.INVALID_FIELD, name));
            }
        }
        if (members.containsKey(BINARY_DATA)) {
            flaws.add(flaw(DeadLetterCode.INVALID_FIELD, BINARY_DATA));
        }
        return flaws;
    }

    private static boolean isRight(String name, Member member) {
        return switch (name) {
            case DATA -> member.kind == JsonToken.START_OBJECT;
            case VERSION -> member.kind == JsonToken.VALUE_STRING && member.text.equals(SPOKEN_VERSION);
            default -> member.kind == JsonToken.VALUE_STRING && !member.text.isEmpty();
        };
    }

    private static Flaw flaw(DeadLetterCode code, String name) {
        String expectation = switch (name) {
            case DATA -> "Expected the command, a JSON object, in the event's data";
            case BINARY_DATA -> "Expected the command as a JSON object in data, and no data_base64";
            case VERSION -> "Expected the event's specversion to be the string 1.0";
            default -> "Expected the event's " + name + ", a string that is not empty";
        };
        return new Flaw(code, "/" + name, expectation);
    }
}
