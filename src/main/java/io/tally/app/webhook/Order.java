package io.tally.app.webhook;

import io.tally.app.webhook.Event.Place;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether outcomes come in the order in which they were decided. For each user that is the order of the input; for each user and
 * currency sequences rise by one, as long as the endpoint is told of all types. Not thread-safe.
 */
final class Order {
    private final Map<String, Place> latestByUser = new Recent<>();
    private final Map<String, Long> sequences = new Recent<>();

    /** Takes note of an outcome, and says what is wrong with its place; null when nothing is. */
    @Nullable
    String flaw(Place place) {
        String flaw = flawOfSource(place);
        String flawOfSequence = flawOfSequence(place);
        return flaw == null ? flawOfSequence : flaw;
    }

    private @Nullable String flawOfSource(Place place) {
        Place latest = latestByUser.get(place.user());
        boolean moved = latest != null && latest.partition() != place.partition();
        if (latest == null || moved || place.offset() > latest.offset()) {
            latestByUser.put(place.user(), place);
        }
        if (latest == null || !moved && place.offset() > latest.offset()) {
            return null;
        }
        return "source " + place.partition() + "-" + place.offset() + " after " + latest.partition() + "-"
                + latest.offset();
    }

    /** After a gap it goes on from behind it: one that is missing is told once. */
    private @Nullable String flawOfSequence(Place place) {
        String account = place.user() + "/" + place.currency();
        Long latest = sequences.get(account);
        if (latest == null || place.sequence() > latest) {
            sequences.put(account, place.sequence());
        }
        return latest == null || place.sequence() == latest + 1
                ? null
                : "sequence " + place.sequence() + " after " + latest;
    }
}
