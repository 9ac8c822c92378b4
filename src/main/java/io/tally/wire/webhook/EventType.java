package io.tally.wire.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tally.wire.OutcomeHeaders;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an endpoint can be told of: the type of a delivery's body. */
public enum EventType {
    TRANSACTION_ACCEPTED("transaction.accepted", OutcomeHeaders.ACCEPTED_TYPE),
    TRANSACTION_REJECTED("transaction.rejected", OutcomeHeaders.REJECTED_TYPE),
    USER_OPENED("user.opened", OutcomeHeaders.OPENED_TYPE);

    private final String text;
    private final String cloudEventsType;

    EventType(String text, String cloudEventsType) {
        this.text = text;
        this.cloudEventsType = cloudEventsType;
    }

    /** As it stands in bodies and in an endpoint's list. */
    @JsonValue
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException if there is no such type */
    @JsonCreator
    static EventType of(String text) {
        EventType type = parse(text);
        if (type == null) {
            throw new IllegalArgumentException("Expected an event type, but got " + text);
        }
        return type;
    }

    /** The type of this text, or null when there is none. */
    public static @Nullable EventType parse(String text) {
        return Arrays.stream(values())
                .filter(type -> type.text.equals(text))
                .findFirst()
                .orElse(null);
    }

    /** The type of an outcome, or null when this version does not know it. */
    public static @Nullable EventType ofCloudEvents(String type) {
        return Arrays.stream(values())
                .filter(candidate -> candidate.cloudEventsType.equals(type))
                .findFirst()
                .orElse(null);
    }
}
