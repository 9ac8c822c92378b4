package io.tally.architecture.wrong.dev;

import io.tally.architecture.wrong.app.ThingHelper;

/** Imports the app. */
public final class UpwardDev {
    ThingHelper above;
}
