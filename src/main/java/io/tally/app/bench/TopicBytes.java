package io.tally.app.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;

/** How large the logs of topics are, of all partitions and replicas, as the brokers have them on disk. */
final class TopicBytes {
    private TopicBytes() {}

    /** By topic. */
    static Map<String, Long> of(String bootstrapServers) throws IOException, InterruptedException {
        try (Admin admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            List<Integer> brokers =
                    admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            Map<String, Long> bytes = new TreeMap<>();
            admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                    .flatMap(directories -> directories.values().stream())
                    .forEach(directory -> directory
                            .replicaInfos()
                            .forEach(
                                    (partition, replica) -> bytes.merge(partition.topic(), replica.size(), Long::sum)));
            return bytes;
        } catch (ExecutionException e) {
            throw new IOException("Expected the sizes of topics, but Kafka refused them: " + e.getMessage(), e);
        }
    }
}
