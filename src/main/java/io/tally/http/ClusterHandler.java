package io.tally.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.Cluster;
import io.tally.gateway.ClusterGateway;
import io.tally.stream.LedgerInstance;
import io.tally.stream.LedgerTopics;
import io.tally.wire.TimestampText;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/cluster}: the ledger, its instances, and how far each partition is decided. */
final class ClusterHandler implements Handler {
    private static final Problem NEVER_ABSENT = Problem.of(ProblemCode.NOT_FOUND, "There is no ledger");

    private final ClusterGateway gateway;
    private final Executor executor;

    /**
     * Makes the call.
     *
     * @param executor writes the answers
     */
    ClusterHandler(ClusterGateway gateway, Executor executor) {
        this.gateway = gateway;
        this.executor = executor;
    }

    private record Body(
            @JsonProperty LedgerBody ledger,
            @JsonProperty InstanceBody instance,
            @JsonProperty List<MemberBody> instances,
            @JsonProperty List<PartitionBody> partitions) {}

    private record LedgerBody(
            @JsonProperty("application_id") String applicationId,
            @JsonProperty("topic_prefix") String topicPrefix,
            @JsonProperty TopicsBody topics,
            @JsonProperty int partitions,
            @JsonProperty("default_currency") String defaultCurrency,
            @JsonProperty("registration_required") boolean registrationRequired) {}

    private record TopicsBody(
            @JsonProperty String input,
            @JsonProperty String output,
            @JsonProperty("dead_letters") String deadLetters,
            @JsonProperty String journal) {}

    private record InstanceBody(
            @JsonProperty @Nullable String address,
            @JsonProperty String state,
            @JsonProperty boolean ready,
            @JsonProperty String since) {}

    private record MemberBody(
            @JsonProperty String address,
            @JsonProperty boolean answered,
            @JsonProperty List<Integer> active,
            @JsonProperty List<Integer> standby) {}

    private record PartitionBody(
            @JsonProperty int partition,
            @JsonProperty @Nullable String owner,
            @JsonProperty("committed_offset") @Nullable Long committedOffset,
            @JsonProperty("end_offset") long endOffset,
            @JsonProperty @Nullable Long lag,
            @JsonProperty boolean served,
            @JsonProperty("served_offset") @Nullable Long servedOffset) {}

    @Override
    public void handle(Context ctx) {
        ctx.future(() -> gateway.cluster()
                .thenAcceptAsync(reply -> Answers.json(ctx, body(Replies.value(reply, NEVER_ABSENT))), executor));
    }

    private Body body(Cluster cluster) {
        return new Body(
                ledger(),
                new InstanceBody(
                        cluster.address(),
                        cluster.status().state(),
                        cluster.status().ready(),
                        TimestampText.format(cluster.status().since().toEpochMilli())),
                cluster.instances().stream()
                        .map(instance -> member(instance, cluster.address()))
                        .toList(),
                cluster.partitions().stream().map(ClusterHandler::partition).toList());
    }

    private LedgerBody ledger() {
        LedgerTopics topics = gateway.settings().topics();
        return new LedgerBody(
                gateway.settings().applicationId(),
                gateway.settings().topicPrefix(),
                new TopicsBody(topics.input(), topics.output(), topics.deadLetters(), topics.journal()),
                gateway.ledger().partitions(),
                gateway.ledger().defaultCurrency(),
                gateway.ledger().registrationRequired());
    }

    private static MemberBody member(LedgerInstance instance, @Nullable String self) {
        return new MemberBody(
                instance.address(), instance.address().equals(self), instance.active(), instance.standby());
    }

    private static PartitionBody partition(Cluster.Partition partition) {
        return new PartitionBody(
                partition.number(),
                partition.owner(),
                partition.committed(),
                partition.end(),
                partition.lag(),
                partition.served() != null,
                partition.served());
    }
}
