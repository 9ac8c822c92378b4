package io.tally.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** JSON as a tree, the way tutorials read and write it. */
final class JsonSerde {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonSerde() {}

    static Serde<JsonNode> create() {
        return Serdes.serdeFrom((topic, tree) -> write(tree), (topic, bytes) -> read(bytes));
    }

    private static byte @Nullable [] write(@Nullable JsonNode tree) {
        try {
            return tree == null ? null : JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new SerializationException(e);
        }
    }

    private static @Nullable JsonNode read(byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : JSON.readTree(bytes);
        } catch (IOException e) {
            throw new SerializationException(e);
        }
    }
}
