package io.tally.architecture.wrong.app;

/** Has a name that says nothing. */
public final class ThingHelper {}
