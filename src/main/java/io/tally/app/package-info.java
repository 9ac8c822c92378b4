/**
 * The program: commands, configuration and wiring. It may import every other package; none imports it.
 *
 * <p>Whoever starts the program wrongly reads one line that names the setting, what is wrong with it and what to do, and
 * gets exit code 2; 3 means that Kafka does not answer, 1 that something failed; {@code ExitCode} has all codes.
 */
@NullMarked
package io.tally.app;

import org.jspecify.annotations.NullMarked;
