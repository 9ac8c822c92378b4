package io.tally.architecture.wrong.http;

import io.tally.architecture.wrong.webhook.SidewaysWebhook;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;

/** Imports its neighbour, the command line, and what measures. */
public final class SidewaysHttp {
    SidewaysWebhook beside;
    CommandLine commandLine;
    Histogram histogram;
}
