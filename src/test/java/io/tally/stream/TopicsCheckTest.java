package io.tally.stream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs more brokers than a test has. */
class TopicsCheckTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,1", "3,3,2", "3,2,2", "5,5,3"})
    void shouldAcceptEnoughReplicas(int replicas, int inSync, int minInSync) {
        assertThatCode(() -> TopicsCheck.refuseTooFewReplicas(topic(replicas, inSync), minInSync))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseReplicasThatNeedNotBeInSync() {
        assertThatThrownBy(() -> TopicsCheck.refuseTooFewReplicas(topic(3, 3), 1))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(
                        "Topic transactions-in", "3 replicas", "Set min.insync.replicas=2", "TALLY_MIN_ISR");
    }

    @ParameterizedTest
    @CsvSource({"3,1,2", "2,1,2", "1,1,2"})
    void shouldRefuseTooFewReplicasInSync(int replicas, int inSync, int minInSync) {
        assertThatThrownBy(() -> TopicsCheck.refuseTooFewReplicas(topic(replicas, inSync), minInSync))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContainingAll(
                        "topic transactions-in", inSync + " replicas in sync", "Bring its brokers back");
    }

    private static TopicDescription topic(int replicas, int inSync) {
        List<Node> nodes = IntStream.range(0, replicas)
                .mapToObj(id -> new Node(id, "host", 9092))
                .toList();
        return new TopicDescription(
                "transactions-in",
                false,
                List.of(new TopicPartitionInfo(0, nodes.get(0), nodes, nodes.subList(0, inSync))));
    }
}
