package io.tally.gateway.webhook;

import io.tally.wire.webhook.DisabledReason;
import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.EndpointState;
import io.tally.wire.webhook.EventType;
import io.tally.wire.webhook.Replay;
import io.tally.wire.webhook.SigningSecret;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The next version of an endpoint: as it was, but for what is set. For one thread. */
final class Revision {
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

    Revision secrets(List<SigningSecret> signing) {
        secrets = signing;
        return this;
    }

    Revision replays(List<Replay> open) {
        replays = open;
        return this;
    }

    /** The new version; the one before when nothing differs. */
    Endpoint at(long now) {
        Endpoint same = endpoint(before.version(), before.updatedAt());
        return same.equals(before) ? before : endpoint(before.version() + 1, Math.max(now, before.updatedAt()));
    }

    private Endpoint endpoint(long version, long updatedAt) {
        return new Endpoint(
                before.id(),
                url,
                description,
                eventTypes,
                users,
                state,
                disabledReason,
                secrets,
                before.start(),
                replays,
                version,
                before.createdAt(),
                updatedAt);
    }
}
