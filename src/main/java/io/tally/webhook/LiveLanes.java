package io.tally.webhook;

import io.tally.wire.webhook.Endpoint;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How what is new begins for an endpoint: where its progress ends, or anew where the progress is not its own. */
final class LiveLanes {
    private LiveLanes() {}

    /**
     * Adds the lanes of what is new to a backlog that has none.
     *
     * @param topicId of the output as it is now
     * @param partitions of this instance
     * @param stored by partition, what the progress says of what is new
     * @return the partitions whose log is not the one that the progress is of: all of it is told
     */
    static Set<Integer> open(
            Backlog backlog, String topicId, Set<Integer> partitions, Map<Integer, Lane.Stored> stored) {
        Endpoint endpoint = backlog.endpoint();
        Set<Integer> madeAnew = new HashSet<>();
        for (int partition : partitions) {
            Lane.Stored before = stored.get(partition);
            Lane fromStart = Lane.live(partition, start(endpoint, partition));
            if (before == null) {
                backlog.add(fromStart);
                continue;
            }
            Lane kept = Lane.live(partition, before.progress().next());
            switch (before.belonging(endpoint, topicId)) {
                case OURS -> backlog.restore(kept, before);
                case ANOTHER_ENDPOINT -> backlog.replace(kept, before, fromStart);
                case ANOTHER_TOPIC -> {
                    // Better all of it once more than some of it never.
                    backlog.replace(kept, before, Lane.live(partition, 0));
                    madeAnew.add(partition);
                }
            }
        }
        return madeAnew;
    }

    private static long start(Endpoint endpoint, int partition) {
        return partition < endpoint.start().size() ? endpoint.start().get(partition) : 0;
    }

    /**
     * Since when the endpoint fails, milliseconds since 1970 UTC: the latest time of all, since where one partition has delivered,
     * the endpoint has taken something; 0 when it does not fail, also when only its predecessor of the same id has.
     */
    static long failingSince(Endpoint endpoint, String topicId, Map<Integer, Lane.Stored> stored) {
        long[] times = stored.values().stream()
                .filter(lane -> lane.belonging(endpoint, topicId) != Lane.Stored.Belonging.ANOTHER_ENDPOINT)
                .mapToLong(lane -> lane.progress().failingSince())
                .toArray();
        boolean delivered = Arrays.stream(times).anyMatch(time -> time == 0);
        return delivered ? 0 : Arrays.stream(times).max().orElse(0);
    }
}
