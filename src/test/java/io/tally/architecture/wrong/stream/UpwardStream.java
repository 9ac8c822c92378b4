package io.tally.architecture.wrong.stream;

import io.javalin.Javalin;
import io.micrometer.core.instrument.MeterRegistry;
import io.tally.architecture.wrong.gateway.UpwardGateway;
import kafka.server.KafkaConfig;

/** Imports the floor above, Kafka's server, the web server and the metrics. */
public final class UpwardStream {
    UpwardGateway above;
    KafkaConfig broker;
    Javalin web;
    MeterRegistry metrics;
}
