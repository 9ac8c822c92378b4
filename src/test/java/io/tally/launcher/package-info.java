/** Runs the launcher script of the top folder against a Java and a Maven that only write down how they were called. */
@NullMarked
package io.tally.launcher;

import org.jspecify.annotations.NullMarked;
