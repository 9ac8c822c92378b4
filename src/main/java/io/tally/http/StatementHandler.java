package io.tally.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tally.gateway.LedgerGateway;
import io.tally.ledger.Account;
import io.tally.ledger.JournalEntry;
import io.tally.store.StatementPage;
import io.tally.store.StatementQuery;
import io.tally.store.TimelinePosition;
import io.tally.wire.OutcomeEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/user/{id}/transactions}: an account's outcomes by effective time, page by page. */
final class StatementHandler implements Handler {
    private static final Map<String, Boolean> STATUS = Map.of("accepted", true, "rejected", false);
    private static final Map<String, Boolean> ORDER = Map.of("asc", false, "desc", true);

    private final Reads reads;
    private final OutcomeEncoder encoder;

    StatementHandler(Reads reads, OutcomeEncoder encoder) {
        this.reads = reads;
        this.encoder = encoder;
    }

    @Override
    public void handle(Context ctx) {
        String userId = Parameters.userId(ctx);
        StatementCursor cursor = Parameters.cursor(ctx, StatementCursor::parse, any -> true, Parameters.CURSOR);
        Statement statement = statement(ctx, userId, cursor);
        StatementQuery query =
                statement.page(cursor == null ? null : cursor.end(), Parameters.limit(ctx, StatementQuery.MAX_LIMIT));
        reads.answer(
                ctx,
                userId,
                ledger -> ledger.statement(statement.account(), query),
                reply -> page(ctx, statement, Replies.value(reply, Replies.unknownUser(userId))));
    }

    /** What was asked for; a cursor brings what it was given for, and nothing else may be asked with it. */
    private Statement statement(Context ctx, String userId, @Nullable StatementCursor cursor) {
        LedgerGateway ledger = reads.gateway();
        Statement known =
                cursor == null ? Statement.all(new Account(userId, ledger.defaultCurrency())) : cursor.statement();
        Long from = Parameters.time(ctx, "from");
        Long to = Parameters.time(ctx, "to");
        Boolean accepted = Parameters.choice(ctx, "status", STATUS);
        Boolean newestFirst = Parameters.choice(ctx, "order", ORDER);
        Statement asked = new Statement(
                new Account(
                        userId,
                        Parameters.currency(
                                ctx, ledger.currencies(), known.account().currency())),
                accepted == null ? known.accepted() : accepted,
                from == null ? known.from() : from,
                to == null ? known.to() : to,
                newestFirst == null ? known.newestFirst() : newestFirst);
        // Anyone can seal a cursor: its currency need not be one that there is.
        if (cursor != null
                && (ledger.currencies().digits(known.account().currency()) == null || !asked.equals(known))) {
            throw Parameters.invalid("cursor", "Expected the cursor of this user with the parameters it was given for");
        }
        return asked;
    }

    private void page(Context ctx, Statement statement, StatementPage page) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes(ascii("{\"items\":["));
        String separator = "";
        for (JournalEntry entry : page.items()) {
            json.writeBytes(ascii(separator));
            json.writeBytes(encoder.encode(entry));
            separator = ",";
        }
        json.writeBytes(ascii("],\"next_cursor\":" + next(statement, page.end()) + "}"));
        ctx.contentType(Parameters.JSON).result(json.toByteArray());
    }

    private static String next(Statement statement, @Nullable TimelinePosition end) {
        return end == null ? "null" : "\"" + new StatementCursor(statement, end).toText() + "\"";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
