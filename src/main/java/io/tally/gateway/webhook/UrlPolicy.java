package io.tally.gateway.webhook;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Which URLs may be endpoints. */
@FunctionalInterface
public interface UrlPolicy {
    /** Why this one may not, for people, or null when it may. Must not wait. */
    @Nullable
    String refusal(URI url);
}
