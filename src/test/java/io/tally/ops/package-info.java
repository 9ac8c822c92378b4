/** Tests that keep alerts, dashboard and runbooks equal to what the service exports. */
@NullMarked
package io.tally.ops;

import org.jspecify.annotations.NullMarked;
