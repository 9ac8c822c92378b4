package io.tally.stream;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;

/** Which instances are in the ledger's group. One that has stopped stays in it until its session ends. */
public final class GroupMembers {
    private final Admin admin;
    private final String group;

    /** @param group the ledger's application id */
    public GroupMembers(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /**
     * The instances, by name.
     *
     * @throws StartRefusedException if the brokers do not say
     */
    public Set<String> instances() {
        return ids().stream().map(GroupMembers::instance).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Takes an instance out of the group, so that the others get its partitions at once. Its process must have ended: one that
     * runs would go on answering look-ups for some seconds, while others decide already.
     *
     * @return whether it was in the group
     * @throws StartRefusedException if the brokers refuse
     */
    public boolean remove(String instance) {
        Set<MemberToRemove> members = ids().stream()
                .filter(id -> instance(id).equals(instance))
                .map(MemberToRemove::new)
                .collect(Collectors.toSet());
        if (members.isEmpty()) {
            return false;
        }
        AdminCalls.await(
                admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(members))
                        .all(),
                "that " + instance + " has left group " + group);
        return true;
    }

    /** The static ids of all members. */
    private List<String> ids() {
        return AdminCalls.await(admin.describeConsumerGroups(List.of(group)).all(), "who is in group " + group)
                .values()
                .stream()
                .flatMap(description -> description.members().stream())
                .map(MemberDescription::groupInstanceId)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Kafka Streams adds the number of the thread to the instance's name. */
    private static String instance(String id) {
        return id.replaceFirst("-[0-9]+$", "");
    }
}
