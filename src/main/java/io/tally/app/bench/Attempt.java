package io.tally.app.bench;

import org.jspecify.annotations.Nullable;

/** One request, and what is made of its answer. */
interface Attempt {
    /** Head and body as they go over the wire. */
    byte[] request();

    /** Judges the answer: null when it is right, else in a word or two what it was instead. */
    @Nullable
    String fault(HttpAnswer answer);

    /** Hears that no answer came: nobody knows what the request did. */
    void unanswered();
}
