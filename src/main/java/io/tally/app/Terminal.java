package io.tally.app;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command sees of the outside.
 *
 * @param environment variables by name
 * @param in standard input
 * @param out results
 * @param err everything else that is said to the user
 */
record Terminal(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
    static Terminal ofProcess() {
        return new Terminal(System.getenv(), System.in, System.out, System.err);
    }
}
