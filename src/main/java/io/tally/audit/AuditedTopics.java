package io.tally.audit;

/**
 * Where a ledger reads and writes.
 *
 * @param group the consumer group whose committed offsets in the input say how far the ledger has come
 */
public record AuditedTopics(String input, String output, String deadLetters, String group) {}
