package io.tally.gateway;

/** Offsets of one partition, {@code from} inclusive to {@code to} exclusive. */
public record OffsetRange(long from, long to) {}
