package io.tally.architecture.wrong.common;

/** Stands on no floor, in a package whose name says nothing. */
public final class Stray {}
