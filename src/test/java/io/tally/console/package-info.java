/** Tests of the console in a browser, against a service in a process of its own. */
@NullMarked
package io.tally.console;

import org.jspecify.annotations.NullMarked;
