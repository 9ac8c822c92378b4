package io.tally.architecture.wrong.gateway;

import io.tally.architecture.wrong.http.SidewaysHttp;
import org.apache.kafka.streams.KafkaStreams;

/** Imports the floor above, and Kafka Streams. */
public final class UpwardGateway {
    SidewaysHttp above;
    KafkaStreams streams;
}
