package io.tally.store;

import org.apache.kafka.streams.query.Query;

/**
 * Asks one partition, through Kafka Streams' interactive queries, how far it has got: the offset of the next input record
 * that is not in its committed state. Refused like a {@link LedgerQuery} while the partition is not active or not restored.
 */
public record CommittedInputQuery() implements Query<Long> {}
