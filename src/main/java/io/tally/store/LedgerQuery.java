package io.tally.store;

import java.util.function.Function;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * A question to one partition's committed state, asked through Kafka Streams' interactive queries. The stock layers around
 * the store pass it on untouched.
 *
 * @param minInputOffset answer only when the committed input offset has reached this one; 0 for any committed state
 * @param reading asks the reader; runs on the caller's thread and must not keep the reader
 * @param <R> the answer
 */
public record LedgerQuery<R>(long minInputOffset, Function<LedgerReader, @Nullable R> reading)
        implements Query<LedgerQuery.Answer<R>> {

    /**
     * An answer; wrapped, because "nothing" is an answer too.
     *
     * @param value what was found, or null
     */
    public record Answer<R>(@Nullable R value) {}

    Answer<R> answer(LedgerReader reader) {
        return new Answer<>(reading.apply(reader));
    }
}
