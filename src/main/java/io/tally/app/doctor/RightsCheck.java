package io.tally.app.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What this client may do with the topics and the groups, as the brokers tell it. */
public final class RightsCheck {
    private static final Set<AclOperation> READ_AND_WRITE =
            EnumSet.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    private final Admin admin;
    private final List<String> topics;
    private final List<String> groups;

    /**
     * Looks at nothing yet.
     *
     * @param topics those that are read and written
     * @param groups the consumer groups, named after the application
     */
    public RightsCheck(Admin admin, List<String> topics, List<String> groups) {
        this.admin = admin;
        this.topics = topics;
        this.groups = groups;
    }

    /** What was found; topics and groups that are not there yet are not spoken of. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        topics.forEach(topic -> findings.addAll(ofTopic(topic)));
        groups.forEach(group -> findings.addAll(ofGroup(group)));
        return findings.isEmpty()
                ? List.of(Finding.ok(
                        "rights", "nothing is lacking on topics and groups; transactional ids are not looked at"))
                : findings;
    }

    private List<Finding> ofTopic(String topic) {
        String name = "topic " + topic;
        try {
            TopicDescription description = Objects.requireNonNull(
                    ClusterCheck.await(admin.describeTopics(
                                            List.of(topic),
                                            new DescribeTopicsOptions().includeAuthorizedOperations(true))
                                    .allTopicNames())
                            .get(topic),
                    "Admin answers what it is asked");
            return lacking(name, READ_AND_WRITE, description.authorizedOperations());
        } catch (ExecutionException | TimeoutException e) {
            return failed(name, e, UnknownTopicOrPartitionException.class);
        }
    }

    private List<Finding> ofGroup(String group) {
        String name = "group " + group;
        try {
            ConsumerGroupDescription description = Objects.requireNonNull(
                    ClusterCheck.await(admin.describeConsumerGroups(
                                            List.of(group),
                                            new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                                    .all())
                            .get(group),
                    "Admin answers what it is asked");
            return lacking(
                    name, EnumSet.of(AclOperation.READ, AclOperation.DESCRIBE), description.authorizedOperations());
        } catch (ExecutionException | TimeoutException e) {
            return failed(name, e, GroupIdNotFoundException.class);
        }
    }

    private static List<Finding> failed(String resource, Exception e, Class<? extends Throwable> absent) {
        if (absent.isInstance(e.getCause())) {
            return List.of();
        }
        String reason = String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
        return List.of(Finding.problem(
                "rights",
                "what this client may do with " + resource + " is not told: " + reason,
                "Grant it Describe; docs/OPERATIONS.md has the whole list."));
    }

    /** Brokers without an authorizer say that everything is allowed; older ones say nothing. */
    private static List<Finding> lacking(
            String resource, Set<AclOperation> needed, @Nullable Set<AclOperation> allowed) {
        if (allowed == null || allowed.contains(AclOperation.ALL) || allowed.containsAll(needed)) {
            return List.of();
        }
        Set<AclOperation> lacking = EnumSet.copyOf(needed);
        lacking.removeAll(allowed);
        return List.of(Finding.problem(
                "rights",
                "this client may not " + lacking + " " + resource,
                "Grant it; docs/OPERATIONS.md has the whole list."));
    }
}
