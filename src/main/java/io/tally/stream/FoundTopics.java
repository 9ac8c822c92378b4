package io.tally.stream;

import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;

/** The ledger's topics as the cluster describes them. */
record FoundTopics(
        TopicDescription input, TopicDescription output, TopicDescription deadLetters, TopicDescription journal) {

    List<TopicDescription> all() {
        return List.of(input, output, deadLetters, journal);
    }

    /** The ledger's partition count. */
    int partitionCount() {
        return input.partitions().size();
    }

    /** The ids of input, output and dead letters: a topic that was deleted and made again has another one. */
    String idsOfRecords() {
        return String.join(
                ",",
                input.topicId().toString(),
                output.topicId().toString(),
                deadLetters.topicId().toString());
    }
}
