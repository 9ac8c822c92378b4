package io.tally.architecture.wrong.http;

import io.javalin.http.Context;
import io.tally.architecture.wrong.webhook.SidewaysWebhook;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;

/** Imports its neighbour, the command line, and what measures, and reads a query by Javalin. */
public final class SidewaysHttp {
    SidewaysWebhook beside;
    CommandLine commandLine;
    Histogram histogram;

    String query(Context ctx) {
        return ctx.queryParam("date") + ctx.queryParamMap();
    }
}
