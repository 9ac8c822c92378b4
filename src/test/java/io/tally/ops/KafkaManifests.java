package io.tally.ops;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What the prod overlay asks Kafka for, as Kafka's own client takes it. */
public final class KafkaManifests {
    private KafkaManifests() {}

    /** The topics, but for one broker, and so many partitions where there are more than one. */
    public static List<NewTopic> topics(int partitions) throws IOException {
        List<NewTopic> topics = new ArrayList<>();
        for (JsonNode manifest : Overlay.prod().all("KafkaTopic")) {
            Map<String, String> config = new HashMap<>();
            manifest.at("/spec/config")
                    .properties()
                    .forEach(
                            entry -> config.put(entry.getKey(), entry.getValue().asText()));
            config.put("min.insync.replicas", "1");
            topics.add(new NewTopic(
                            manifest.at("/spec/topicName").asText(),
                            Math.min(partitions, manifest.at("/spec/partitions").asInt()),
                            (short) 1)
                    .configs(config));
        }
        return topics;
    }

    /** What the user may do. */
    public static List<AclBinding> rights(String user) throws IOException {
        List<AclBinding> bindings = new ArrayList<>();
        for (JsonNode acl : Overlay.prod().the("KafkaUser", "tally").at("/spec/authorization/acls")) {
            JsonNode resource = acl.path("resource");
            ResourcePattern pattern = new ResourcePattern(
                    constant(ResourceType.values(), resource.path("type").asText()),
                    resource.path("name").asText(),
                    resource.path("patternType").asText().equals("prefix")
                            ? PatternType.PREFIXED
                            : PatternType.LITERAL);
            for (JsonNode operation : acl.path("operations")) {
                bindings.add(new AclBinding(
                        pattern,
                        new AccessControlEntry(
                                "User:" + user,
                                "*",
                                constant(AclOperation.values(), operation.asText()),
                                AclPermissionType.ALLOW)));
            }
        }
        return bindings;
    }

    /** Kafka's name for what Strimzi calls {@code transactionalId} or {@code DescribeConfigs}. */
    private static <E extends Enum<E>> E constant(E[] all, String name) {
        return Arrays.stream(all)
                .filter(one -> one.name().replace("_", "").equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected a right that Kafka knows, but got " + name));
    }
}
