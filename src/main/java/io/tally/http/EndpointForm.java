package io.tally.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.tally.gateway.webhook.EndpointPatch;
import io.tally.gateway.webhook.EndpointSettings;
import io.tally.gateway.webhook.UrlPolicy;
import io.tally.gateway.webhook.WebhookGateway.Start;
import io.tally.wire.UserId;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An endpoint as services send it. */
final class EndpointForm {
    private static final String URL = "Expected an absolute https or http URL of at most " + EndpointSettings.MAX_URL
            + " ASCII characters, without user information and fragment";
    private static final String DESCRIPTION =
            "Expected text of at most " + EndpointSettings.MAX_DESCRIPTION + " characters without control characters";
    private static final String EVENT_TYPES = "Expected a list, not empty and without repeats, of "
            + Arrays.stream(EventType.values()).map(EventType::text).collect(Collectors.joining(", "));
    private static final String USERS =
            "Expected a list of at most " + EndpointSettings.MAX_USERS + " user ids without repeats";
    private static final String STATE = "Expected active or paused";
    private static final String FROM = "Expected now or beginning";

    /** What an endpoint shows beside, and only Tally sets. */
    private static final Set<String> FIXED = Set.of(
            "id",
            "disabled_reason",
            "secret",
            "previous_secret_expires_at",
            "replays",
            "version",
            "created_at",
            "updated_at");

    private final JsonForm form;
    private final UrlPolicy policy;

    private EndpointForm(Context ctx, UrlPolicy policy) {
        this.form = JsonForm.of(ctx);
        this.policy = policy;
    }

    /** A new endpoint and where it begins. */
    record Creation(EndpointSettings settings, Start start) {}

    /**
     * Reads a new endpoint. What is left out, or null, is any event of any user, from now on.
     *
     * @throws RequestRefusedException if it is not one
     */
    static Creation creation(Context ctx, UrlPolicy policy) {
        EndpointForm form = new EndpointForm(ctx, policy);
        URI url = form.url();
        String description = form.description();
        Set<EventType> types = form.eventTypes();
        Set<String> users = form.users();
        Start start = form.start();
        if (url == null && form.form.isRight()) {
            form.form.wrong("url", URL);
        }
        form.form.refuseWrong(FIXED);
        return new Creation(
                new EndpointSettings(
                        Objects.requireNonNull(url),
                        description == null ? "" : description,
                        types == null ? EnumSet.allOf(EventType.class) : types,
                        users == null ? Set.of() : users),
                start);
    }

    /**
     * Reads a JSON merge patch (RFC 7396) of an endpoint.
     *
     * @throws RequestRefusedException if it is not one
     */
    static EndpointPatch patch(Context ctx, UrlPolicy policy) {
        EndpointForm form = new EndpointForm(ctx, policy);
        form.refuseRemoval("url", URL);
        form.refuseRemoval("event_types", EVENT_TYPES);
        form.refuseRemoval("state", STATE);
        URI url = form.url();
        String description = form.isRemoved("description") ? "" : form.description();
        Set<EventType> types = form.eventTypes();
        Set<String> users = form.isRemoved("users") ? Set.of() : form.users();
        EndpointState state = form.state();
        form.form.refuseWrong(FIXED);
        return new EndpointPatch(url, description, types, users, state);
    }

    private boolean isRemoved(String name) {
        return form.has(name) && form.value(name) == null;
    }

    private void refuseRemoval(String name, String expected) {
        if (isRemoved(name)) {
            form.wrong(name, expected);
        }
    }

    private @Nullable URI url() {
        String text = form.text("url", URL);
        if (text == null) {
            return null;
        }
        URI url = url(text);
        String refusal = url == null ? URL : policy.refusal(url);
        if (refusal != null) {
            form.wrong("url", refusal);
        }
        return url;
    }

    private static @Nullable URI url(String text) {
        try {
            URI url = new URI(text);
            boolean web = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            boolean plain = url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
            // URI takes other characters as they are; what goes over the line is ASCII.
            boolean ascii = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return web && plain && ascii && text.length() <= EndpointSettings.MAX_URL ? url : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private @Nullable String description() {
        String text = form.text("description", DESCRIPTION);
        if (text != null
                && (text.length() > EndpointSettings.MAX_DESCRIPTION
                        || text.codePoints().anyMatch(Character::isISOControl))) {
            form.wrong("description", DESCRIPTION);
        }
        return text;
    }

    private @Nullable Set<EventType> eventTypes() {
        Set<String> texts = texts("event_types", EventType.values().length, EVENT_TYPES);
        if (texts == null) {
            return null;
        }
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (String text : texts) {
            EventType type = EventType.parse(text);
            if (type != null) {
                types.add(type);
            }
        }
        if (types.isEmpty() || types.size() < texts.size()) {
            form.wrong("event_types", EVENT_TYPES);
        }
        return types;
    }

    private @Nullable Set<String> users() {
        Set<String> users = texts("users", EndpointSettings.MAX_USERS, USERS);
        if (users != null && !users.stream().allMatch(UserId::isValid)) {
            form.wrong("users", USERS);
        }
        return users;
    }

    /** A list of texts, or null when there is none; anything else is noted as wrong. */
    private @Nullable Set<String> texts(String name, int most, String expected) {
        JsonNode list = form.value(name);
        if (list == null) {
            return null;
        }
        Set<String> texts = new HashSet<>();
        list.forEach(item -> texts.add(item.isTextual() ? item.textValue() : ""));
        if (!list.isArray() || list.size() > most || texts.size() < list.size()) {
            form.wrong(name, expected);
            return null;
        }
        return texts;
    }

    private @Nullable EndpointState state() {
        String text = form.text("state", STATE);
        if (text == null) {
            return null;
        }
        for (EndpointState state : Set.of(EndpointState.ACTIVE, EndpointState.PAUSED)) {
            if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
                return state;
            }
        }
        form.wrong("state", STATE);
        return null;
    }

    private Start start() {
        String text = form.text("from", FROM);
        if (text == null || text.equals("now")) {
            return Start.NOW;
        }
        if (!text.equals("beginning")) {
            form.wrong("from", FROM);
        }
        return Start.BEGINNING;
    }
}
