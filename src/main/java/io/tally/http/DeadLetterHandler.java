package io.tally.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.DeadLetterGateway;
import io.tally.gateway.DeadLetterPage;
import io.tally.gateway.DeadLetterQuery;
import io.tally.gateway.StoredDeadLetter;
import io.tally.ledger.Source;
import io.tally.wire.TimestampText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/dead-letters}: what could not be decided, newest first. */
final class DeadLetterHandler implements Handler {
    /** Longer values are shown as base64 only. */
    private static final int MAX_TEXT_BYTES = 1024;

    private final DeadLetterGateway gateway;
    private final Executor executor;

    /**
     * Makes the call.
     *
     * @param executor writes the answers
     */
    DeadLetterHandler(DeadLetterGateway gateway, Executor executor) {
        this.gateway = gateway;
        this.executor = executor;
    }

    private record Body(
            @JsonProperty List<Item> items,
            @JsonProperty("next_cursor") @Nullable String nextCursor) {}

    /** A dead letter; key and value in base64. Whoever sent it chose the bytes: they are data, to whomever reads them. */
    private record Item(
            @JsonProperty int partition,
            @JsonProperty long offset,
            @JsonProperty @Nullable String code,
            @JsonProperty @Nullable String detail,
            @JsonProperty @Nullable SourceBody source,
            @JsonProperty("recorded_at") String recordedAt,
            @JsonProperty List<String> truncated,
            @JsonProperty @Nullable String key,
            @JsonProperty @Nullable String value,

            @JsonProperty @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String text) {}

    private record SourceBody(
            @JsonProperty int partition, @JsonProperty long offset) {}

    @Override
    public void handle(Context ctx) {
        DeadLetterQuery query = query(ctx);
        Problem noPartition = Problem.of(
                ProblemCode.INVALID_PARAMETER,
                "partition: The dead letters have no such partition",
                new Problem.FieldError("partition", "The dead letters have no such partition"));
        ctx.future(() -> gateway.page(query)
                .thenAcceptAsync(
                        reply -> Answers.json(ctx, body(query.partition(), Replies.value(reply, noPartition))),
                        executor));
    }

    private static DeadLetterQuery query(Context ctx) {
        Integer partition = Query.of(ctx).value("partition") == null
                ? null
                : Integer.valueOf(Parameters.number(ctx, "partition", 0, Parameters.MAX_PARTITION, 0));
        int limit = Parameters.limit(ctx, DeadLetterQuery.MAX_LIMIT);
        DeadLetterCursor cursor = Parameters.cursor(
                ctx,
                DeadLetterCursor::parse,
                given -> partition == null || partition.equals(given.partition()),
                Parameters.CURSOR + ", with the same partition");
        return cursor == null
                ? new DeadLetterQuery(partition, null, limit)
                : new DeadLetterQuery(cursor.partition(), cursor.before(), limit);
    }

    private static Body body(@Nullable Integer partition, DeadLetterPage page) {
        return new Body(
                page.items().stream().map(DeadLetterHandler::item).toList(),
                page.rest().isEmpty() ? null : new DeadLetterCursor(partition, page.rest()).toText());
    }

    private static Item item(StoredDeadLetter letter) {
        Source source = letter.note().source();
        return new Item(
                letter.partition(),
                letter.offset(),
                letter.note().code(),
                letter.note().detail(),
                source == null ? null : new SourceBody(source.partition(), source.offset()),
                TimestampText.format(letter.recordedAt()),
                letter.note().truncated(),
                base64(letter.key()),
                base64(letter.value()),
                text(letter.value()));
    }

    @SuppressWarnings("NullAway") // It does not see the annotation on an array.
    private static @Nullable String base64(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    @SuppressWarnings("NullAway") // Likewise.
    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length > MAX_TEXT_BYTES) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
