package io.tally.architecture.wrong.console;

import io.tally.architecture.wrong.http.SidewaysHttp;

/** Imports its neighbour, and closes a cycle. */
public final class SidewaysConsole {
    SidewaysHttp beside;
}
