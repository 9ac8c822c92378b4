package io.tally.gateway.webhook;

import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The next version of an endpoint: as it was, but for what is set. For one thread. */
final class Revision {
    /** Each signs each delivery. One more ends the oldest. */
    static final int MAX_SECRETS = 4;

    private final Endpoint before;
    private URI url;
    private String description;
    private Set<EventType> eventTypes;
    private Set<String> users;
    private EndpointState state;
    private @Nullable DisabledReason disabledReason;
    private List<SigningSecret> secrets;
    private List<Replay> replays;

    Revision(Endpoint before) {
        this.before = before;
        this.url = before.url();
        this.description = before.description();
        this.eventTypes = before.eventTypes();
        this.users = before.users();
        this.state = before.state();
        this.disabledReason = before.disabledReason();
        this.secrets = before.secrets();
        this.replays = before.replays();
    }

    /** Sets what a service decides; null leaves it. */
    Revision with(EndpointPatch patch) {
        url = patch.url() == null ? url : patch.url();
        description = patch.description() == null ? description : patch.description();
        eventTypes = patch.eventTypes() == null ? eventTypes : patch.eventTypes();
        users = patch.users() == null ? users : patch.users();
        if (patch.state() != null) {
            state = patch.state();
            disabledReason = null;
        }
        return this;
    }

    Revision disabled(DisabledReason reason) {
        state = EndpointState.DISABLED;
        disabledReason = reason;
        return this;
    }

    /**
     * Makes a secret the newest. Those that were replaced before sign on: the receiver may know none but one of them.
     *
     * @param expiresAt until when the newest of now signs, milliseconds since 1970 UTC
     */
    Revision rotated(SigningSecret newest, long expiresAt) {
        List<SigningSecret> signing = new ArrayList<>(secrets);
        signing.set(0, new SigningSecret(secrets.get(0).secret(), expiresAt));
        signing.add(0, newest);
        secrets = signing;
        return this;
    }

    Revision replays(List<Replay> open) {
        replays = open;
        return this;
    }

    /**
     * The new version, without secrets that sign no more; the one before when nothing else differs.
     *
     * @param now milliseconds since 1970 UTC
     */
    Endpoint at(long now) {
        Endpoint same = endpoint(secrets, before.version(), before.updatedAt());
        return same.equals(before)
                ? before
                : endpoint(signing(now), before.version() + 1, Math.max(now, before.updatedAt()));
    }

    private List<SigningSecret> signing(long now) {
        SigningSecret newest = secrets.get(0);
        return secrets.stream()
                .filter(secret -> secret.equals(newest) || secret.isValidAt(now))
                .limit(MAX_SECRETS)
                .toList();
    }

    private Endpoint endpoint(List<SigningSecret> signing, long version, long updatedAt) {
        return new Endpoint(
                before.id(),
                url,
                description,
                eventTypes,
                users,
                state,
                disabledReason,
                signing,
                before.start(),
                replays,
                version,
                before.createdAt(),
                updatedAt);
    }
}
