package io.tally.gateway.webhook;

import io.tally.wire.webhook.Endpoint;
import io.tally.wire.webhook.WebhookCodec;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints that the records of their topic come to. For one thread. */
final class EndpointLog {
    private static final Logger log = LoggerFactory.getLogger(EndpointLog.class);

    private final SortedMap<String, Endpoint> endpoints = new TreeMap<>();
    private final Set<String> unreadable = new TreeSet<>();

    /** Takes the next record. One that is broken leaves no endpoint under its key: nobody knows any longer what holds. */
    void apply(ConsumerRecord<byte[], byte[]> record) {
        String id = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        endpoints.remove(id);
        unreadable.remove(id);
        if (record.value() == null) {
            return;
        }
        try {
            Endpoint endpoint = WebhookCodec.endpoint(record.value());
            if (!IdsAndSecrets.isEndpointId(id) || !endpoint.id().equals(id)) {
                throw new IllegalArgumentException("Expected an endpoint under its own id, but it is not");
            }
            endpoints.put(id, endpoint);
        } catch (IllegalArgumentException e) {
            unreadable.add(id);
            // Neither key nor value is shown: whoever broke them may have put anything there.
            log.error(
                    "Offset {} of {} holds no endpoint, which is missing now; register it again: {}",
                    record.offset(),
                    record.topic(),
                    e.getMessage());
        }
    }

    /** Of which endpoints nobody knows what holds. */
    Set<String> unreadable() {
        return Set.copyOf(unreadable);
    }

    /** What holds now, by id; does not change any more. */
    Map<String, Endpoint> snapshot() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(endpoints));
    }
}
