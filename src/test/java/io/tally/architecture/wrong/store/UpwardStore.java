package io.tally.architecture.wrong.store;

import com.fasterxml.jackson.core.JsonFactory;
import io.tally.architecture.wrong.stream.UpwardStream;

/** Imports the floor above, and Jackson. */
public final class UpwardStore {
    UpwardStream above;
    JsonFactory json;
}
