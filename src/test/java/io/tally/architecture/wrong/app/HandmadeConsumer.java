package io.tally.architecture.wrong.app;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Sets up a consumer by hand. */
public final class HandmadeConsumer {
    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(Map.of("enable.auto.commit", false));
    }
}
