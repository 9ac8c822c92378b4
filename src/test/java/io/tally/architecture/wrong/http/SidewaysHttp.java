package io.tally.architecture.wrong.http;

import io.tally.architecture.wrong.webhook.SidewaysWebhook;
import picocli.CommandLine;

/** Imports its neighbour, and the command line. */
public final class SidewaysHttp {
    SidewaysWebhook beside;
    CommandLine commandLine;
}
