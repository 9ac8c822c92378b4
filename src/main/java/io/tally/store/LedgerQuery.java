package io.tally.store;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question to one partition's committed state.
 *
 * @param minInputOffset answer only when the committed input offset has reached this one; 0 for any committed state
 * @param reading asks the reader; runs on the caller's thread and must not keep the reader
 * @param <R> the answer
 */
public record LedgerQuery<R>(long minInputOffset, Function<LedgerReader, @Nullable R> reading) {}
