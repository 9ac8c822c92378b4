package io.tally.architecture.wrong.webhook;

import io.tally.architecture.wrong.dev.UpwardDev;
import io.tally.architecture.wrong.http.SidewaysHttp;

/** Imports its neighbour, which closes a cycle, and the embedded broker. */
public final class SidewaysWebhook {
    SidewaysHttp beside;
    UpwardDev broker;
}
