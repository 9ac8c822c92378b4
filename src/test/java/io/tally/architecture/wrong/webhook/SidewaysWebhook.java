package io.tally.architecture.wrong.webhook;

import io.tally.architecture.wrong.console.SidewaysConsole;
import io.tally.architecture.wrong.dev.UpwardDev;

/** Imports its neighbour, and the embedded broker. */
public final class SidewaysWebhook {
    SidewaysConsole beside;
    UpwardDev broker;
}
