package io.tally.app.doctor;

import io.tally.stream.LedgerTopics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** What this client may do with the topics and the group, as the brokers tell it. */
public final class RightsCheck {
    private static final Set<AclOperation> READ_AND_WRITE =
            EnumSet.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    private final Admin admin;
    private final LedgerTopics topics;
    private final String group;

    /** @param group the consumer group, named after the application */
    public RightsCheck(Admin admin, LedgerTopics topics, String group) {
        this.admin = admin;
        this.topics = topics;
        this.group = group;
    }

    /** What was found; topics that are not there are not spoken of. */
    public List<Finding> findings() {
        Map<String, Set<AclOperation>> missing = new LinkedHashMap<>();
        for (String topic : List.of(topics.input(), topics.output(), topics.deadLetters(), topics.journal())) {
            TopicDescription description = describe(topic);
            if (description != null) {
                note(missing, "topic " + topic, READ_AND_WRITE, description.authorizedOperations());
            }
        }
        try {
            Set<AclOperation> ofGroup = Objects.requireNonNull(
                            ClusterCheck.await(admin.describeConsumerGroups(
                                                    List.of(group),
                                                    new DescribeConsumerGroupsOptions()
                                                            .includeAuthorizedOperations(true))
                                            .all())
                                    .get(group),
                            "Admin answers what it is asked")
                    .authorizedOperations();
            note(missing, "group " + group, EnumSet.of(AclOperation.READ, AclOperation.DESCRIBE), ofGroup);
        } catch (ExecutionException | TimeoutException e) {
            return List.of(ClusterCheck.notTold("rights", e));
        }
        List<Finding> findings = new ArrayList<>();
        missing.forEach((resource, operations) -> findings.add(Finding.problem(
                "rights",
                "this client may not " + new TreeSet<>(operations) + " " + resource,
                "Grant it; docs/OPERATIONS.md has the whole list.")));
        return findings.isEmpty()
                ? List.of(Finding.ok("rights", "topics and group may be read and written"))
                : findings;
    }

    private @Nullable TopicDescription describe(String topic) {
        try {
            return ClusterCheck.await(admin.describeTopics(
                                    List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .allTopicNames())
                    .get(topic);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    /** Brokers without an authorizer say that everything is allowed; older ones say nothing. */
    private static void note(
            Map<String, Set<AclOperation>> missing,
            String resource,
            Set<AclOperation> needed,
            @Nullable Set<AclOperation> allowed) {
        if (allowed == null || allowed.contains(AclOperation.ALL)) {
            return;
        }
        Set<AclOperation> lacking = EnumSet.copyOf(needed);
        lacking.removeAll(allowed);
        if (!lacking.isEmpty()) {
            missing.put(resource, lacking);
        }
    }
}
