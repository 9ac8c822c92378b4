package io.tally.architecture.wrong.stream;

import io.javalin.Javalin;
import io.tally.architecture.wrong.gateway.UpwardGateway;
import kafka.server.KafkaConfig;

/** Imports the floor above, Kafka's server and the web server. */
public final class UpwardStream {
    UpwardGateway above;
    KafkaConfig broker;
    Javalin web;
}
